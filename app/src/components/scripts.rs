use crate::erase::Erase;
use crate::settings::BROWSER_ZONE;
use crate::site::SitePkg;
use leptos::{nonce::use_nonce, prelude::*};

/// Style, script and WebAssembly of the site.
///
/// In place of leptos' `HydrationScripts`, which writes the nonce into `crossorigin` of the preload: some browsers
/// then load the module twice or abort it.
pub fn scripts(pkg: &SitePkg) -> AnyView {
    let [js, wasm, css] = [&pkg.js, &pkg.wasm, &pkg.css].map(|name| format!("/pkg/{name}"));
    // The next page is in the zone of the browser, if none is chosen.
    let zone = format!(
        "document.cookie=\"{BROWSER_ZONE}=\"+Intl.DateTimeFormat().resolvedOptions().timeZone\
         +\"; Path=/; Max-Age=31536000; SameSite=Lax\";"
    );
    let start = format!(
        "{zone}import(\"{js}\").then((page) => page.default({{ module_or_path: \"{wasm}\" }}).then(() => page.hydrate()));"
    );
    let nonce = use_nonce();
    view! {
        <link rel="stylesheet" href=css/>
        <link rel="modulepreload" href=js nonce=nonce.clone()/>
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=nonce>{start}</script>
    }
    .erased()
}
