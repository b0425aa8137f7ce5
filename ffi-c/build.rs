//! Names the shared library as it will be installed.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let major = std::env::var("CARGO_PKG_VERSION_MAJOR").unwrap_or_default();
    // Apple's and Windows' are written from their documentation and not tested.
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("macos") => {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libsandgate.{major}.dylib");
        }
        Ok("windows" | "none") | Err(_) => {}
        Ok(_) => {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libsandgate.so.{major}");
            if std::env::var_os("CARGO_FEATURE_STD").is_none() {
                // std would link it. Without, the symbols of libc have no version, and the library does not ask for libc.
                println!("cargo::rustc-cdylib-link-arg=-lc");
            }
        }
    }
}
