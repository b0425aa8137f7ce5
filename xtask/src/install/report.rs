//! The report after an installation.

use super::names::Names;
use super::place::Place;
use std::path::PathBuf;

/// Lists the installed files, and the settings with which linker and loader find them.
pub(super) fn of(place: &Place, names: &Names, installed: &[String], removed: &[PathBuf]) -> String {
    let (prefix, libraries, soname) = (&place.prefix, place.libraries(), &names.soname);
    let base = place.inside("").display().to_string();
    let mut said = format!("installed below {}:\n", base.trim_end_matches('/'));
    for file in installed {
        said += &format!("  {file}\n");
    }
    if !removed.is_empty() {
        said += "removed, because ldconfig could prefer them:\n";
        for file in removed {
            said += &format!("  {}\n", file.display());
        }
    }
    if place.destdir.is_some() {
        said += &format!("when these files are in {prefix}:\n");
    }
    said += &format!("to compile: pkg-config must search {libraries}/pkgconfig (PKG_CONFIG_PATH), and CMake {prefix}");
    said += " (CMAKE_PREFIX_PATH)\n";
    if names.is_elf {
        said += &format!(
            "to run a program that is linked to {soname}:\n\
             - if the loader searches {libraries} (/etc/ld.so.conf, by default /lib and /usr/lib): run ldconfig as root\n\
             - otherwise link the program with -Wl,-rpath,{libraries} or run it with LD_LIBRARY_PATH={libraries}\n\
             a program that is linked to libsandgate.a needs neither\n"
        );
    }
    said
}
