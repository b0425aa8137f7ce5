//! The instant that a request carries to say which of two is newer.

/// An instant of RFC 3339, in nanoseconds. Only the order of two of them means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp {
    /// Since a day before the year 0.
    seconds: i64,
    nanoseconds: u32,
}

impl Timestamp {
    /// Parses `2026-01-31T23:59:59.123456789Z`. The fraction has 1 to 9 digits or is absent; the offset is `Z` or like
    /// `+02:00`. Letters are upper case, and there is no leap second: as Go's reader has it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.as_bytes().split_first_chunk::<10>()?;
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = date else { return None };
        let year = number(&[*y0, *y1, *y2, *y3], 0, 9999)?;
        let month = number(&[*m0, *m1], 1, 12)?;
        let day = number(&[*d0, *d1], 1, days_of(month, year))?;

        let (time, rest) = rest.strip_prefix(b"T")?.split_first_chunk::<8>()?;
        let [h0, h1, b':', min0, min1, b':', s0, s1] = time else { return None };
        let (hour, minute) = (number(&[*h0, *h1], 0, 23)?, number(&[*min0, *min1], 0, 59)?);
        let second = number(&[*s0, *s1], 0, 59)?;

        let (nanoseconds, offset) = fraction(rest)?;
        let minutes_east = match offset {
            b"Z" => 0,
            [sign @ (b'+' | b'-'), h0, h1, b':', m0, m1] => {
                let minutes = minutes(number(&[*h0, *h1], 0, 23)?, number(&[*m0, *m1], 0, 59)?);
                if *sign == b'-' { minutes.wrapping_neg() } else { minutes }
            }
            _ => return None,
        };
        // All fields are bounded, so that nothing wraps.
        let minutes = days_before(year, month, day).wrapping_mul(24 * 60).wrapping_add(minutes(hour, minute));
        let seconds = minutes.wrapping_sub(minutes_east).wrapping_mul(60).wrapping_add(second);
        Some(Self { seconds, nanoseconds })
    }
}

/// The number of these decimal digits, if it lies within the bounds.
fn number(digits: &[u8], least: i64, most: i64) -> Option<i64> {
    let number = digits.iter().try_fold(0_i64, |number, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        Some(number.wrapping_mul(10).wrapping_add(digit.into()))
    })?;
    (least..=most).contains(&number).then_some(number)
}

/// The fraction of the second at the start of a text, in nanoseconds, and what stands after it.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let Some(mut rest) = text.strip_prefix(b".") else { return Some((0, text)) };
    let (mut nanoseconds, mut unit) = (0_u32, 100_000_000_u32);
    let before = rest.len();
    while let Some((digit @ b'0'..=b'9', after)) = rest.split_first() {
        if unit == 0 {
            return None;
        }
        nanoseconds = nanoseconds.wrapping_add(u32::from(digit.wrapping_sub(b'0')).wrapping_mul(unit));
        unit /= 10;
        rest = after;
    }
    (rest.len() < before).then_some((nanoseconds, rest))
}

const fn minutes(hours: i64, minutes: i64) -> i64 {
    hours.wrapping_mul(60).wrapping_add(minutes)
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_of(month: i64, year: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from a day before the year 0, in the Gregorian calendar. The year starts in March here, so that the leap day is
/// its last one.
const fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let late = month > 2;
    let year = if late { year } else { year.wrapping_sub(1) };
    let month = if late { month.wrapping_sub(3) } else { month.wrapping_add(9) };
    // 153 days are five months of 31, 30, 31, 30 and 31.
    let in_year = month.wrapping_mul(153).wrapping_add(2) / 5;
    let leap_days = year.div_euclid(4).wrapping_sub(year.div_euclid(100)).wrapping_add(year.div_euclid(400));
    year.wrapping_mul(365).wrapping_add(leap_days).wrapping_add(in_year).wrapping_add(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn offsets_and_fractions_name_the_same_instant() {
        assert_eq!(parse("2026-11-30T13:00:00Z"), parse("2026-11-30T15:30:00+02:30"));
        assert_eq!(parse("2026-11-30T23:30:00-01:00"), parse("2026-12-01T00:30:00Z"));
        assert_eq!(parse("2026-11-30T13:00:00.5Z"), parse("2026-11-30T13:00:00.500000000-00:00"));
        assert!(parse("2026-11-30T13:00:00.123456789Z") > parse("2026-11-30T13:00:00.123456788Z"));
    }

    #[test]
    fn every_day_of_a_whole_cycle_of_leap_years_follows_the_day_before() {
        let mut before = None;
        let mut days = 0;
        for year in 1900..2300 {
            for month in 1..=12 {
                for day in 1..=days_of(month, year) {
                    let this = parse(&format!("{year:04}-{month:02}-{day:02}T00:00:00Z")).seconds;
                    assert!(before.is_none_or(|before| this == before + 86_400), "{year}-{month}-{day}");
                    before = Some(this);
                    days += 1;
                }
            }
        }
        assert_eq!(days, 146_097);
        assert!(parse("0000-01-01T00:00:00Z") < parse("9999-12-31T23:59:59Z"));
    }

    #[test]
    fn other_spellings_are_refused() {
        for wrong in [
            "",
            "2026-11-30",
            "2026-11-30T13:00:00",
            "2026-11-30t13:00:00Z",
            "2026-11-30T13:00:00z",
            "2026-11-30 13:00:00Z",
            "2026-11-30T13:00:00.Z",
            "2026-11-30T13:00:00,5Z",
            "2026-11-30T13:00:00.1234567890Z",
            "2026-11-30T13:00:00ZZ",
            "2026-11-30T13:00:00 Z",
            "2026-11-30T13:00:00+0200",
            "2026-11-30T13:00:00+24:00",
            "2026-11-30T13:00:00+02:60",
            "2026-11-30T24:00:00Z",
            "2026-11-30T13:60:00Z",
            "2026-11-30T13:00:60Z",
            "2026-00-30T13:00:00Z",
            "2026-13-30T13:00:00Z",
            "2026-11-00T13:00:00Z",
            "2026-11-31T13:00:00Z",
            "2026-02-29T13:00:00Z",
            "1900-02-29T13:00:00Z",
            "-026-11-30T13:00:00Z",
            "+2026-11-30T13:00:00Z",
            "2026-1-30T13:00:00Z",
            "２026-11-30T13:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
        assert!(Timestamp::parse("2024-02-29T13:00:00Z").is_some());
        assert!(Timestamp::parse("2000-02-29T13:00:00Z").is_some());
    }
}
