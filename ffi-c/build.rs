//! Names the shared library as it will be installed.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let major = std::env::var("CARGO_PKG_VERSION_MAJOR").unwrap_or_default();
    // The names for Apple's systems and Windows follow their documentation and are not tested.
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("macos") => {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libsandgate.{major}.dylib");
        }
        // "unknown" is WebAssembly.
        Ok("windows" | "none" | "unknown") | Err(_) => {}
        Ok(_) => {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libsandgate.so.{major}");
            if std::env::var_os("CARGO_FEATURE_STD").is_none() {
                // std would link libc. Without std, its symbols have no version, and the library does not declare that it
                // needs libc.
                println!("cargo::rustc-cdylib-link-arg=-lc");
            }
        }
    }
}
