//! The start of Roost in the browser: takes over the page that the server has made.

/// Called by the page's script once the module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::browser::take_texts();
    leptos::mount::hydrate_body(app::App);
}
