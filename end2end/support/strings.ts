// Strings that attack a page, as many as are asked for, all different and the same on every run.

/** What would run, or change the page, if it were taken for markup or code. */
const ATTACKS = [
  "<script>window.hacked=1</script>",
  "<ScRiPt src=data:text/javascript,window.hacked=1></sCrIpT>",
  "<script type=module>import('data:text/javascript,window.hacked=1')</script>",
  "<script nonce>window.hacked=1</script>",
  "<scr<script>ipt>window.hacked=1</scr</script>ipt>",
  "<img src=x onerror=window.hacked=1>",
  "<img/src='x'/onerror='window.hacked=1'>",
  "<svg onload=window.hacked=1>",
  "<svg><script>window.hacked=1</script></svg>",
  "<svg><style><img src=x onerror=window.hacked=1></style></svg>",
  "<svg><animate onbegin=window.hacked=1 attributeName=x dur=1s>",
  "<svg><a><set attributeName=href to=javascript:window.hacked=1></set><text y=9>x</text></a></svg>",
  "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg/>#x'></svg>",
  "<svg><foreignObject><iframe srcdoc='<script>parent.hacked=1</script>'></foreignObject></svg>",
  "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=window.hacked=1&gt;'>",
  "<math href=javascript:window.hacked=1>x</math>",
  "<iframe srcdoc='<script>top.hacked=1</script>'></iframe>",
  "<iframe src=javascript:parent.hacked=1></iframe>",
  "<object data=data:text/html,<script>top.hacked=1</script>></object>",
  "<embed src=javascript:window.hacked=1>",
  "<base href=//elsewhere.example/>",
  "<meta http-equiv=refresh content='0;url=javascript:window.hacked=1'>",
  "<meta http-equiv=Content-Security-Policy content=\"script-src 'unsafe-inline'\">",
  "<link rel=stylesheet href=//elsewhere.example/x.css>",
  "<style>@import '//elsewhere.example/x.css';body{display:none}</style>",
  "<style>*{background:url(//elsewhere.example/x)}</style>",
  "<form action=javascript:window.hacked=1><button>x</button></form>",
  "<form id=f></form><button form=f formaction=javascript:window.hacked=1>x",
  "<input autofocus onfocus=window.hacked=1>",
  "<details open ontoggle=window.hacked=1><summary>x</summary>",
  "<video><source onerror=window.hacked=1></video>",
  "<audio src=x onerror=window.hacked=1>",
  "<body onload=window.hacked=1 onpageshow=window.hacked=1>",
  "<marquee onstart=window.hacked=1>x</marquee>",
  "<x contenteditable onbeforeinput=window.hacked=1 onanimationstart=window.hacked=1 style=animation:x>",
  "<template><img src=x onerror=window.hacked=1></template>",
  "<noscript><p title='</noscript><img src=x onerror=window.hacked=1>'>",
  "<dialog open><form method=dialog onsubmit=window.hacked=1></form></dialog>",
  "<a href=javascript:window.hacked=1>x</a>",
  "<a href=' &#1;javascript:window.hacked=1'>x</a>",
  "<a href='java&#9;script:window.hacked=1'>x</a>",
  "<a id=document name=documentElement>x</a><img name=currentScript>",
  "<div style='position:fixed;inset:0;background:red' onmouseover=window.hacked=1>x</div>",
  "<plaintext>", "<xmp><img src=x onerror=window.hacked=1>", "<select><option><script>window.hacked=1</script>",
  "javascript:window.hacked=1//", "JaVaScRiPt&colon;window.hacked=1", "\u0001javascript:window.hacked=1", "java\tscript:window.hacked=1",
  "data:text/html,<script>opener.hacked=1</script>", "data:image/svg+xml,<svg onload=window.hacked=1>", "vbscript:msgbox(1)",
  "blob:null/1", "//elsewhere.example/x", "\\\\elsewhere.example\\x", "https://user:pass@elsewhere.example/", "file:///etc/passwd",
  "{{constructor.constructor('window.hacked=1')()}}", "${window.hacked=1}", "#{window.hacked=1}", "<%= window.hacked=1 %>", "{%raw%}{{7*7}}",
  "<div v-html=\"'x'\" x-init=window.hacked=1 ng-app ng-init=$eval('window.hacked=1') data-bind='html:1' hx-on:load=window.hacked=1>x</div>",
  "[x](javascript:window.hacked=1)", "![x](x\" onerror=\"window.hacked=1)", "<!--#exec cmd=ls -->", "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
  "=HYPERLINK(\"http://elsewhere.example\",\"x\")", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "\t=1+1", "＝1+1",
  "'; DROP TABLE tweets; --", "' OR 1=1 --", "%27%20OR%201%3D1", "../../../etc/passwd", "%00", "%0d%0aSet-Cookie: hacked=1", "$(touch x)", "`touch x`", "a:b lang:de OR (", "\"unended",
  "null", "undefined", "NaN", "true", "0", "-1", "1e999", "None", "[object Object]", "__proto__", "constructor", "{}", "[]", "nil", "Infinity",
];

/** What would end the place in the page where a text stands, and what would begin another. */
const ENDS = [
  "", "", "\"", "'", "`", ">", "\">", "'>", "</", "/>", "--", "-->", "--!>", "]]>", "*/", "//", "\\", "\\\"", "\\u003c", "&quot;", "&#34;", "&lt;", "&amp;lt;", "&amp;amp;", "&", "&#x3c;",
  "</script>", "</script >", "</script\n>", "</SCRIPT/x>", "<!--<script>", "</title>", "</textarea>", "</style>", "</svg>", "</bdi></td></tr></table>", "</a></bdi>", "</template>", "</noscript>", "</option></select>",
  "<!--", "<!>", "<!-->", "<!--->", "<!--/-->", "<!--hk-->", "<!--!-->", "<![CDATA[", "<?", "<!DOCTYPE html>",
];

/** Signs that are not seen, or that change how others are seen. */
const SIGNS = [
  "", "", "", " ", "\n", "\r", "\r\n", "\t", "\u0000", "\u0007", "\u001b[31m", "\u0085", "\u00a0", "\u00ad", "\u034f", "\u061c", "\u115f", "\u200b", "\u200d", "\u200e", "\u200f",
  "\u2028", "\u2029", "\u202a", "\u202d", "\u202e", "\u2060", "\u2066", "\u2067", "\u2068", "\u2069", "\u3164", "\ufe0f", "\ufeff", "\ufff9", "\ufffd", "\uffff", "\u{e0001}", "\u{e0041}", "\u{10ffff}",
  "\ud83d", "\ude00", "e\u0301", `z${"\u0310".repeat(60)}`, "ﷺ".repeat(8), "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "İıſß", "日本語", "עברית", "العربية", "क्षि", "𝒳𝓎𝓏", "w".repeat(400), "｛｝＜ｓｃｒｉｐｔ＞",
];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many different strings: every attack, end and sign alone, and then all kinds in all orders. */
export function hostileStrings(count: number, seed = 1): string[] {
  const next = chance(seed);
  const one = (of: string[]) => of[Math.floor(next() * of.length)] ?? "";
  const orders = [
    () => one(ENDS) + one(ATTACKS),
    () => one(SIGNS) + one(ENDS) + one(ATTACKS) + one(SIGNS),
    () => one(ATTACKS) + one(SIGNS) + one(ENDS) + one(ATTACKS),
    () => one(ENDS) + one(ENDS) + one(SIGNS) + one(ATTACKS) + one(ENDS),
    () => one(SIGNS) + one(SIGNS) + one(SIGNS) + one(ENDS),
    () => [...one(ATTACKS)].join(one(SIGNS).slice(0, 2)),
  ];
  const strings = new Set([...ATTACKS, ...ENDS, ...SIGNS].filter((text) => text.trim() !== ""));
  while (strings.size < count) strings.add((orders[Math.floor(next() * orders.length)] ?? orders[0])?.() ?? "");
  return [...strings].slice(0, count);
}
