//! Compiles the recorder of `src/power`, which traces system calls: that is C's business, and Linux's.

use std::path::PathBuf;

fn main() {
    const SOURCE: &str = "power/recorder.c";
    println!("cargo:rerun-if-changed={SOURCE}");
    if std::env::var_os("CARGO_CFG_TARGET_OS").is_none_or(|system| system != "linux") {
        return;
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo says where to build")).join("recorder");
    let mut compile = cc::Build::new().get_compiler().to_command();
    let compiled = compile.args(["-Wall", "-Wextra", "-o"]).arg(&out).arg(SOURCE).status();
    assert!(compiled.is_ok_and(|status| status.success()), "{SOURCE} does not compile");
    println!("cargo:rustc-env=ROOST_RECORDER={}", out.display());
}
