//! The languages that X tells apart, by their codes.

use model::texts::{Text, languages as say};

/// Codes and names, in the order of the codes.
const LANGUAGES: [(&str, Text); 75] = [
    ("am", say::code_am),
    ("ar", say::code_ar),
    ("art", say::code_art),
    ("bg", say::code_bg),
    ("bn", say::code_bn),
    ("bo", say::code_bo),
    ("bs", say::code_bs),
    ("ca", say::code_ca),
    ("ckb", say::code_ckb),
    ("cs", say::code_cs),
    ("cy", say::code_cy),
    ("da", say::code_da),
    ("de", say::code_de),
    ("dv", say::code_dv),
    ("el", say::code_el),
    ("en", say::code_en),
    ("es", say::code_es),
    ("et", say::code_et),
    ("eu", say::code_eu),
    ("fa", say::code_fa),
    ("fi", say::code_fi),
    ("fr", say::code_fr),
    ("gu", say::code_gu),
    ("he", say::code_he),
    ("hi", say::code_hi),
    ("hr", say::code_hr),
    ("ht", say::code_ht),
    ("hu", say::code_hu),
    ("hy", say::code_hy),
    ("in", say::code_in),
    ("is", say::code_is),
    ("it", say::code_it),
    ("iw", say::code_iw),
    ("ja", say::code_ja),
    ("ka", say::code_ka),
    ("km", say::code_km),
    ("kn", say::code_kn),
    ("ko", say::code_ko),
    ("lo", say::code_lo),
    ("lt", say::code_lt),
    ("lv", say::code_lv),
    ("ml", say::code_ml),
    ("mr", say::code_mr),
    ("my", say::code_my),
    ("ne", say::code_ne),
    ("nl", say::code_nl),
    ("no", say::code_no),
    ("or", say::code_or),
    ("pa", say::code_pa),
    ("pl", say::code_pl),
    ("ps", say::code_ps),
    ("pt", say::code_pt),
    ("qam", say::code_qam),
    ("qct", say::code_qct),
    ("qht", say::code_qht),
    ("qme", say::code_qme),
    ("qst", say::code_qst),
    ("ro", say::code_ro),
    ("ru", say::code_ru),
    ("sd", say::code_sd),
    ("si", say::code_si),
    ("sl", say::code_sl),
    ("sr", say::code_sr),
    ("sv", say::code_sv),
    ("ta", say::code_ta),
    ("te", say::code_te),
    ("th", say::code_th),
    ("tl", say::code_tl),
    ("tr", say::code_tr),
    ("ug", say::code_ug),
    ("uk", say::code_uk),
    ("und", say::code_und),
    ("ur", say::code_ur),
    ("vi", say::code_vi),
    ("zh", say::code_zh),
];

/// The name of a language, or what X's code for texts without one says.
pub fn language_name(code: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|(known, _)| *known == code).map(|(_, name)| name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_names() {
        assert_eq!(language_name("de"), Some("German"));
        assert_eq!(language_name("und"), Some("Undetermined"));
        assert_eq!(language_name("\"><svg>"), None);
        assert!(LANGUAGES.is_sorted_by_key(|(code, _)| *code), "in the order of the codes");
    }
}
