//! A plot as a file of PNG: the server's file of SVG, drawn on a canvas.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::texts::errors;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, HtmlElement, HtmlImageElement};

/// Pixels of the file for each of the picture: sharp on good screens and in print.
const SCALE: u32 = 2;

/// Saves the picture at the button's `data-png` under its `data-name`.
pub fn save(button: Element) {
    spawn_local(async move {
        if draw(&button).await.is_err() {
            button.set_text_content(Some(errors::no_answer()));
        }
    });
}

async fn draw(button: &Element) -> Result<(), JsValue> {
    let href = button.get_attribute("data-png").unwrap_or_default();
    let (_, svg) = super::sheet::fetch(&href, None).await?;
    let image: HtmlImageElement = document().create_element("img")?.unchecked_into();
    // As a part of this address: the policy of the page lets no picture come from anywhere else.
    image.set_attribute("src", &format!("data:image/svg+xml,{}", js_sys::encode_uri_component(&svg)))?;
    JsFuture::from(image.decode()).await?;
    let (width, height) = (image.natural_width() * SCALE, image.natural_height() * SCALE);
    // Attributes, for which the module has what it needs: every property would be some bytes more.
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_attribute("width", &width.to_string())?;
    canvas.set_attribute("height", &height.to_string())?;
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into::<CanvasRenderingContext2d>();
    let (width, height) = (f64::from(width), f64::from(height));
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    let link: HtmlElement = document().create_element("a")?.unchecked_into();
    link.set_attribute("href", &canvas.to_data_url()?)?;
    link.set_attribute("download", &button.get_attribute("data-name").unwrap_or_default())?;
    link.click();
    Ok(())
}
