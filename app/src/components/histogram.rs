use super::Here;
use crate::erase::Erase;
use crate::format;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::explore::{Bucket, Histogram};
use model::{Timestamp, columns};
use wasm_bindgen::JsCast;

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 100.0;
/// A drag of less than this share of the width is a click.
const CLICK: f64 = 0.008;

/// Tweets per span of time. A bar is a link to its span; a drag zooms to what it covers.
pub fn histogram(here: &Here, data: &Histogram) -> AnyView {
    let scale = Scale::of(data);
    let bars = data
        .buckets
        .iter()
        .filter(|bucket| bucket.count > 0)
        .filter_map(|bucket| bar(here, &scale, bucket))
        .collect_view();
    let width = format!("1 bar = {}", format::span(data.interval));
    let zoomed = columns::find("created").filter(|column| here.filter.selects(column)).map(|column| {
        let href = here.filtered(&here.filter.without_column(column));
        view! { <a href=href data-key="0" title="All times (0)">"zoom out"</a> }
    });
    let label = format!("Tweets over time, {width}");
    view! {
        <figure class="histogram">
            <div class="plot" role="group" aria-label=label>
                {(scale.peak > 0).then(|| view! { <span class="peak" aria-hidden="true">{format::grouped(scale.peak)}</span> })}
                <Chart here=here.clone() scale=scale bars=bars/>
            </div>
            <figcaption>
                <span>{edge(data, data.from)}</span>
                <span class="middle">{width}{zoomed.map(|link| view! { " · "{link} })}</span>
                <span>{edge(data, data.to)}</span>
            </figcaption>
        </figure>
    }
    .erased()
}

fn edge(data: &Histogram, at: Timestamp) -> String {
    if data.buckets.is_empty() { String::new() } else { format::edge_label(at, data.interval) }
}

/// From times and counts to places.
#[derive(Clone, Copy)]
struct Scale {
    from: Timestamp,
    length: f64,
    interval: i64,
    peak: u64,
}

impl Scale {
    fn of(data: &Histogram) -> Self {
        let peak = data.buckets.iter().map(|bucket| bucket.count).max().unwrap_or(0);
        Self { from: data.from, length: ((data.to - data.from) as f64).max(1.0), interval: data.interval.max(1), peak }
    }

    fn x(&self, at: Timestamp) -> f64 {
        (at - self.from) as f64 / self.length * WIDTH
    }

    /// The start of the bucket at that share of the width.
    fn bucket_at(&self, share: f64) -> Timestamp {
        let at = self.from.0 + (share.clamp(0.0, 1.0) * self.length) as i64;
        Timestamp(self.from.0 + (at - self.from.0).div_euclid(self.interval) * self.interval)
    }

    /// Whole buckets from one share of the width to the other.
    fn span(&self, one: f64, other: f64) -> (Timestamp, Timestamp) {
        let (start, end) = (self.bucket_at(one.min(other)), self.bucket_at(one.max(other)));
        (start, Timestamp(end.0 + self.interval))
    }
}

fn bar(here: &Here, scale: &Scale, bucket: &Bucket) -> Option<AnyView> {
    let column = columns::find("created")?;
    let end = Timestamp(bucket.start.0 + scale.interval);
    let href = here.filtered(&here.filter.with_span(column, bucket.start, end));
    let (left, right) = (scale.x(bucket.start), scale.x(end));
    let gap = ((right - left) * 0.12).min(2.0);
    // One tweet is still to be seen.
    let height = (HEIGHT * format::share(bucket.count, scale.peak)).max(1.5);
    let label = format!(
        "{}: {}",
        format::bucket_label(bucket.start, scale.interval),
        format::counted(bucket.count, "tweet", "tweets")
    );
    let title = label.clone();
    Some(
        view! {
            <g>
                <a href=href aria-label=label tabindex="-1">
                    <title>{title}</title>
                    <rect class="hit" x=tenth(left) y="0" width=tenth(right - left) height=tenth(HEIGHT)></rect>
                    <rect class="bar" x=tenth(left + gap) y=tenth(HEIGHT - height) width=tenth(right - left - 2.0 * gap) height=tenth(height)></rect>
                </a>
            </g>
        }
        .erased(),
    )
}

fn tenth(number: f64) -> String {
    format!("{:.1}", number.max(0.1))
}

/// The drawing area and what the pointer and keys do in it.
#[component]
fn Chart(here: Here, scale: Scale, bars: impl IntoView + 'static) -> impl IntoView {
    let drag = RwSignal::new(None::<(f64, f64)>);
    let navigate = use_navigate();
    let go = {
        let navigate = navigate.clone();
        move |href: &str| navigate(href, leptos_router::NavigateOptions { scroll: false, ..Default::default() })
    };
    let zoom = {
        let go = go.clone();
        move |(start, end): (f64, f64)| {
            let (from, to) = scale.span(start, end);
            if let Some(column) = columns::find("created") {
                go(&here.filtered(&here.filter.with_span(column, from, to)));
            }
        }
    };
    let selection = move || {
        drag.get().filter(|(start, end)| (start - end).abs() > CLICK).map(|(start, end)| {
            let (left, width) = (start.min(end) * WIDTH, (start - end).abs() * WIDTH);
            view! { <rect class="selection" x=tenth(left) y="0" width=tenth(width) height=tenth(HEIGHT)></rect> }
        })
    };
    view! {
        <svg
            viewBox="0 0 1000 100"
            preserveAspectRatio="none"
            tabindex="0"
            on:pointerdown=move |event| {
                if event.button() == 0 && !event.shift_key() {
                    drag.set(share_of_width(&event).map(|at| (at, at)));
                }
            }
            on:pointermove=move |event| {
                if event.buttons() == 1 && let (Some((start, _)), Some(at)) = (drag.get_untracked(), share_of_width(&event)) {
                    drag.set(Some((start, at)));
                }
            }
            on:pointerup=move |_| {
                if let Some((start, end)) = drag.get_untracked().filter(|(start, end)| (start - end).abs() > CLICK) {
                    zoom((start, end));
                }
            }
            on:pointerleave=move |_| drag.set(None)
            on:click=move |event| {
                let dragged = drag.get_untracked().is_some_and(|(start, end)| (start - end).abs() > CLICK);
                drag.set(None);
                // The router does not see links within SVG.
                if let Some(href) = link_under(&event) && !event.ctrl_key() && !event.meta_key() {
                    event.prevent_default();
                    if !dragged {
                        go(&href);
                    }
                }
            }
            on:keydown=move |event| {
                if let "ArrowLeft" | "ArrowRight" = event.key().as_str() && focus_bar(&event, event.key() == "ArrowRight").is_some() {
                    event.prevent_default();
                }
            }
        >
            {bars}
            {selection}
        </svg>
    }
    .erased()
}

fn share_of_width(event: &web_sys::PointerEvent) -> Option<f64> {
    let area = event.current_target()?.dyn_into::<web_sys::Element>().ok()?.get_bounding_client_rect();
    Some(((f64::from(event.client_x()) - area.left()) / area.width().max(1.0)).clamp(0.0, 0.9999))
}

fn link_under(event: &web_sys::MouseEvent) -> Option<String> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest("a").ok()??.get_attribute("href")
}

/// Moves the focus to the next or previous bar.
fn focus_bar(event: &web_sys::KeyboardEvent, forward: bool) -> Option<()> {
    let chart: web_sys::Element = event.current_target()?.dyn_into().ok()?;
    let bars = chart.query_selector_all("a").ok()?;
    let focused = document().active_element();
    let current = (0..bars.length()).find(|at| bars.get(*at).as_ref() == focused.as_ref().map(AsRef::as_ref));
    let next = match (current, forward) {
        (None, true) => 0,
        (None, false) => bars.length().checked_sub(1)?,
        (Some(at), true) => at + 1,
        (Some(at), false) => at.checked_sub(1)?,
    };
    // An SVG link has the same focus() as an HTML element.
    bars.get(next)?.unchecked_into::<web_sys::HtmlElement>().focus().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::HOUR;

    #[test]
    fn a_drag_takes_whole_buckets() {
        let scale =
            Scale::of(&Histogram { interval: HOUR, from: Timestamp(0), to: Timestamp(10 * HOUR), buckets: vec![] });
        assert_eq!(scale.span(0.75, 0.21), (Timestamp(2 * HOUR), Timestamp(8 * HOUR)));
        assert_eq!(scale.span(0.0, 0.9999), (Timestamp(0), Timestamp(10 * HOUR)));
        assert_eq!(scale.x(Timestamp(5 * HOUR)), 500.0);
    }
}
