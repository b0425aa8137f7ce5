//! Builds an object property by property. Absent values are omitted.

use crate::host::{Answer, Env, Thrown, Value};
use crate::thrown::shown;
use alloc::vec::Vec;
use core::ffi::CStr;
use core::fmt::Display;

/// The properties of an object. Methods of their own take less code than loops.
pub(crate) struct Properties<'c> {
    env: Env<'c>,
    all: Vec<(&'static CStr, Value<'c>)>,
}

type Added = Result<(), Thrown>;

impl<'c> Properties<'c> {
    pub(crate) const fn of(env: Env<'c>) -> Self {
        Self { env, all: Vec::new() }
    }

    #[inline(never)]
    pub(crate) fn add(&mut self, name: &'static CStr, value: Value<'c>) {
        self.all.push((name, value));
    }

    #[inline(never)]
    pub(crate) fn boolean(&mut self, name: &'static CStr, truth: bool) -> Added {
        self.add(name, self.env.boolean(truth)?);
        Ok(())
    }

    /// A word of ASCII.
    #[inline(never)]
    pub(crate) fn word(&mut self, name: &'static CStr, word: Option<&str>) -> Added {
        if let Some(word) = word {
            self.add(name, self.env.ascii(word)?);
        }
        Ok(())
    }

    /// What is displayed.
    #[inline(never)]
    pub(crate) fn text(&mut self, name: &'static CStr, text: Option<&dyn Display>) -> Added {
        if let Some(text) = text {
            self.add(name, self.env.text(&shown(text))?);
        }
        Ok(())
    }

    #[inline(never)]
    pub(crate) fn integer(&mut self, name: &'static CStr, number: Option<i64>) -> Added {
        if let Some(number) = number {
            self.add(name, self.env.integer(number)?);
        }
        Ok(())
    }

    pub(crate) fn object(&self) -> Answer<'c> {
        self.env.object(&self.all).map(Some)
    }
}
