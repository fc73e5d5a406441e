// X's API in so far as a schedule needs it: each search has one page, and some of its tweets cannot be understood.
import { AnsweringX } from "./answering-x";

const FIRST_ID = 2_000_000_000_000_000_000n;

/** An X whose answers have three tweets, and one that lacks its text. */
export class PoisonedX extends AnsweringX {
  private given = 0n;
  private readonly searched = new Set<string>();

  protected override answer({ pathname, searchParams }: URL) {
    const query = searchParams.get("query") ?? "";
    const isNew = pathname.endsWith("/search/recent") && !this.searched.has(query);
    if (isNew) this.searched.add(query);
    return isNew ? this.page() : { meta: { result_count: 0 } };
  }

  private page() {
    const data = Array.from({ length: 4 }, () => {
      const id = (FIRST_ID + this.given++).toString();
      return { id, text: `Rover number ${id}`, created_at: new Date().toISOString(), author_id: "5", lang: "en" };
    });
    const ids = data.map(({ id }) => id);
    const { text, ...poison } = data[0]!;
    const meta = { result_count: data.length, newest_id: ids.at(-1), oldest_id: ids[0] };
    return { data: [{ ...poison, note: `without "${text}"` }, ...data.slice(1)], meta };
  }
}
