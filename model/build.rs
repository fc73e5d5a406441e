//! Makes functions of the texts in `texts/`, one per key, so that a key or a placeholder that one of the languages
//! lacks does not compile. The format of the files is told in docs/adding-a-text.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

/// The language that says which texts there are.
const FIRST: &str = "en";

/// The placeholder for a number of things, on which the form of the text depends.
const COUNT: &str = "n";

type Outcome<T> = Result<T, String>;

/// The texts of one part of the pages.
struct Section {
    name: String,
    /// Whether its texts travel with the explore page.
    is_for_browser: bool,
    texts: Vec<(String, Text)>,
}

/// One text: its line, with the forms of a counted one apart by a `|`, and its placeholders as they come.
struct Text {
    line: String,
    names: Vec<String>,
}

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script its folder so")]
fn main() -> Outcome<()> {
    println!("cargo:rerun-if-changed=texts");
    let mut files = BTreeMap::new();
    for entry in fs::read_dir("texts").map_err(|error| format!("texts: {error}"))? {
        let path = entry.map_err(|error| format!("texts: {error}"))?.path();
        let code = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let content = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        files.insert(code.clone(), read(&code, &content)?);
    }
    let mut sections = files.remove(FIRST).ok_or(format!("texts/{FIRST}.txt is missing"))?;
    sections.sort_by_key(|section| !section.is_for_browser);
    let mut tables = vec![(FIRST.to_owned(), lines(FIRST, &sections, &sections)?)];
    for (code, other) in &files {
        tables.push((code.clone(), lines(code, &sections, other)?));
    }
    let folder = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    let code = written(&sections, &tables).map_err(|error| error.to_string())?;
    fs::write(Path::new(&folder).join("texts.rs"), code).map_err(|error| format!("{folder}: {error}"))
}

fn read(code: &str, content: &str) -> Outcome<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    for (index, line) in content.lines().map(str::trim).enumerate() {
        let wrong = |why: &str| format!("texts/{code}.txt, line {}: {why}: {line}", index + 1);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(head) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let name = head.trim_end_matches(", browser").to_owned();
            sections.push(Section { is_for_browser: name != head, name, texts: Vec::new() });
            continue;
        }
        let (key, text) = line.split_once(" = ").ok_or_else(|| wrong("no `key = text`"))?;
        let section = sections.last_mut().ok_or_else(|| wrong("stands before the first [section]"))?;
        if section.texts.iter().any(|(other, _)| other == key) {
            return Err(wrong("this key is there twice"));
        }
        section.texts.push((key.to_owned(), Text::read(text).map_err(|why| wrong(&why))?));
    }
    Ok(sections)
}

impl Text {
    fn read(text: &str) -> Outcome<Self> {
        let line = match text.strip_prefix("one: ") {
            Some(rest) => rest.split_once(" | other: ").map(|(one, other)| format!("{one}|{other}")),
            None => Some(text.to_owned()).filter(|text| !text.contains('|')),
        };
        let line = line.ok_or("counted texts are written `one: … | other: …`, and no other has a |")?;
        let mut names: Vec<String> = line.split('{').skip(1).map(name_of).collect::<Outcome<_>>()?;
        if line.contains('|') {
            names.push(COUNT.to_owned());
        }
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        // The number of things comes first.
        names.sort_by_key(|name| name != COUNT);
        Ok(Self { line, names })
    }

    fn is_counted(&self) -> bool {
        self.names.first().is_some_and(|name| name == COUNT)
    }

    /// With numbers in place of these names, which are those of the text in some order.
    fn numbered(&self, names: &[String]) -> Option<String> {
        let (own, wanted): (BTreeSet<_>, BTreeSet<_>) = (self.names.iter().collect(), names.iter().collect());
        let number = |line: String, (number, name)| line.replace(&format!("{{{name}}}"), &format!("{{{number}}}"));
        (own == wanted).then(|| names.iter().enumerate().fold(self.line.clone(), number))
    }
}

fn name_of(rest: &str) -> Outcome<String> {
    let name = rest.split_once('}').map(|(name, _)| name).ok_or("a { is not closed")?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_name { Ok(name.to_owned()) } else { Err(format!("{{{name}}} is no placeholder")) }
}

/// The texts of a language in the order of the first one.
fn lines(code: &str, sections: &[Section], of: &[Section]) -> Outcome<Vec<String>> {
    let mut left: BTreeMap<(&str, &str), &Text> = BTreeMap::new();
    for section in of {
        left.extend(section.texts.iter().map(|(key, text)| ((section.name.as_str(), key.as_str()), text)));
    }
    let mut lines = Vec::new();
    for section in sections {
        for (key, wanted) in &section.texts {
            let place = format!("[{}] {key}", section.name);
            let text = left.remove(&(section.name.as_str(), key.as_str()));
            let text = text.ok_or_else(|| format!("texts/{code}.txt lacks {place}"))?;
            let line = text.numbered(&wanted.names);
            lines.push(
                line.ok_or_else(|| format!("texts/{code}.txt, {place}: the placeholders are {:?}", wanted.names))?,
            );
        }
    }
    match left.keys().next() {
        Some((section, key)) => Err(format!("texts/{code}.txt has [{section}] {key}, which texts/{FIRST}.txt has not")),
        None => Ok(lines),
    }
}

/// The functions by section, the tables by language.
fn written(sections: &[Section], tables: &[(String, Vec<String>)]) -> Result<String, std::fmt::Error> {
    let mut code = String::new();
    let mut index = 0;
    for section in sections {
        if !section.is_for_browser {
            writeln!(code, "#[cfg(not(target_arch = \"wasm32\"))]")?;
        }
        writeln!(code, "pub mod {} {{", section.name)?;
        for (key, text) in &section.texts {
            writeln!(code, "    /// `{}`", text.line)?;
            write_function(&mut code, index, key, text)?;
            index += 1;
        }
        writeln!(code, "}}")?;
    }
    let browser = sections.iter().filter(|section| section.is_for_browser).map(|section| section.texts.len());
    let codes: Vec<&String> = tables.iter().map(|(code, _)| code).collect();
    let lines: Vec<&Vec<String>> = tables.iter().map(|(_, lines)| lines).collect();
    writeln!(
        code,
        "/// The codes of the languages, the first one first.\npub const CODES: [&str; {}] = {codes:?};",
        codes.len()
    )?;
    writeln!(code, "#[cfg(not(target_arch = \"wasm32\"))]")?;
    writeln!(code, "const FOR_BROWSER: usize = {};", browser.sum::<usize>())?;
    writeln!(code, "#[cfg(not(target_arch = \"wasm32\"))]")?;
    writeln!(code, "static TABLES: [[&str; {index}]; {}] = {lines:?};", tables.len())?;
    Ok(code)
}

fn write_function(code: &mut String, index: usize, key: &str, text: &Text) -> std::fmt::Result {
    let rest = if text.is_counted() { &text.names[1..] } else { &text.names[..] };
    let arguments: String = rest.iter().map(|name| format!("{name}: &str, ")).collect();
    let values = rest.join(", ");
    match (text.is_counted(), rest.is_empty()) {
        (true, _) => writeln!(
            code,
            "    pub fn {key}(n: u64, {arguments}) -> String {{ super::counted({index}, n, &[{values}]) }}"
        ),
        (false, true) => writeln!(code, "    pub fn {key}() -> &'static str {{ super::text({index}) }}"),
        (false, false) => {
            writeln!(code, "    pub fn {key}({arguments}) -> String {{ super::filled({index}, &[{values}]) }}")
        }
    }
}
