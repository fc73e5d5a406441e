// Looks for what strangers may have brought into a page: elements, handlers and addresses that this site does not make,
// and signs that turn the text beside them.
import type { Page } from "@playwright/test";

declare global {
  interface Window {
    /** What is in a page that should not be. */
    strange: (page: Document) => string[];
  }
}

/** Makes every page of the context able to look, and tell of violations of its policy and of scripts that ran. */
export async function lookForStrange(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tags = new Set(
      `html head title meta link script style body a article aside b bdi br button caption circle code col colgroup dd details dialog div dl dt em fieldset
      figcaption figure footer form g h1 h2 h3 h4 header input kbd label legend li line main mark nav ol optgroup option p path polygon polyline pre rect
      search section select small span strong sub summary svg table tbody td text textarea tfoot th thead time tr ul use defs clippath img datalist output`.split(/\s+/),
    );
    // What turns its own text only; in the last three it is a person's own.
    const isolated = "bdi, textarea, option, title, code, mark, [role=alert]";
    // From this site only.
    const single = { script: "[src^='/'], [nonce], [type='application/json']", link: "[href^='/']", style: "[nonce]", meta: "head *", img: "[src^='/'], [src^='data:image/svg']" };
    const addresses = ["href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcdoc", "srcset", "ping", "background"];
    const isOurs = (name: string, value: string) =>
      name !== "srcdoc" && (/^(\/(?!\/)|[?#]|$)/.test(value) || (name === "href" && /^https?:\/\/[^\s]/.test(value)));
    const tell = (element: Element) => `${element.outerHTML.slice(0, 300)} in ${element.parentElement?.outerHTML.slice(0, 200)}`;
    window.strange = (page) => {
      const found: string[] = [];
      for (const element of page.querySelectorAll("*")) {
        const tag = element.tagName.toLowerCase();
        const condition = single[tag as keyof typeof single];
        if (!tags.has(tag) || (condition && !element.matches(condition))) found.push(`element: ${tell(element)}`);
        for (const { name, value } of element.attributes) {
          if (name.startsWith("on") || (name === "style" && /url|import|expression/i.test(value))) found.push(`${name}: ${tell(element)}`);
          if (addresses.includes(name) && tag !== "img" && !isOurs(name, value)) found.push(`${name} to ${value}: ${tell(element)}`);
        }
      }
      const texts = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        if (/[\u202a-\u202e\u2066-\u2069]/.test(text.nodeValue ?? "") && !text.parentElement?.closest(isolated)) {
          found.push(`turned text: ${escape(text.nodeValue ?? "").slice(0, 100)} in ${text.parentElement?.outerHTML.slice(0, 200)}`);
        }
      }
      return found;
    };
    addEventListener("securitypolicyviolation", (event) => console.error(`violated: ${event.violatedDirective} by ${event.blockedURI} ${event.sample}`));
    let hacked: unknown;
    Object.defineProperty(window, "hacked", { get: () => hacked, set: (by) => console.error(`a foreign script ran: ${String((hacked = by ?? true))}`) });
  });
}

/** What is strange in the page as it stands. */
export function strangeHere(page: Page): Promise<string[]> {
  return page.evaluate(() => window.strange(document).slice(0, 5));
}

/** What is strange in the pages at these paths as the server writes them; their answers must be of these kinds. */
export function strangeAt(page: Page, paths: string[], statuses = [200]): Promise<string[]> {
  return page.evaluate(
    async ({ paths, statuses }) => {
      const left = [...paths];
      const found: string[] = [];
      const look = async () => {
        for (let path = left.shift(); path !== undefined && found.length < 5; path = left.shift()) {
          const answer = await fetch(path);
          const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
          if (!statuses.includes(answer.status)) found.push(`${path} answered ${answer.status}: ${parsed.body.innerText.slice(0, 200)}`);
          if (!parsed.querySelector("main")) found.push(`${path} is no page`);
          found.push(...window.strange(parsed).map((strange) => `${path} has ${strange}`));
        }
      };
      await Promise.all(Array.from({ length: 4 }, look));
      return found.slice(0, 5);
    },
    { paths, statuses },
  );
}
