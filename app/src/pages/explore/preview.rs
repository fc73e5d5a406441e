use super::tests::*;
use super::*;

#[tokio::test]
async fn preview() {
    let put = |name: &str, html: String| {
        for (theme, attr) in [("light", " data-theme=light"), ("dark", " data-theme=dark")] {
            let doc = format!(
                "<!DOCTYPE html><html lang=en{attr}><head><meta charset=utf-8><meta name=viewport content='width=device-width, initial-scale=1'><link rel=stylesheet href=main.css></head><body>{html}</body></html>"
            );
            std::fs::create_dir_all("/tmp/preview").unwrap();
            std::fs::write(format!("/tmp/preview/{name}-{theme}.html"), doc).unwrap();
        }
    };
    put(
        "full",
        render(
            "q=launch+lang:(de+OR+en)+likes%3E%3D50+-is:retweet&sort=-likes&tweet=1992240117330288640",
            Ok(page(40)),
        )
        .await,
    );
    put("list", render("", Ok(page(40))).await);
    put("wrong", render("q=launch+lkes%3E%3D50", Ok(page(40))).await);
    put(
        "wrong-first",
        render("q=launch+lkes%3E%3D50", Err(AppError::Filter(filter::parse("launch lkes>=50").unwrap_err()))).await,
    );
    put("empty", render("q=launch+lang:de+likes%3E%3D50&tweet=1992240117330288640", Ok(page(0))).await);
    put(
        "one",
        render(
            "cols=author,hashtag,verified,followers,created,id,url,media,domain,text,likes,engagement,source",
            Ok(page(1)),
        )
        .await,
    );
    put("down", render("", Err(AppError::Unavailable)).await);
}
