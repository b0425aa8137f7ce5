//! Welch's t-test.

/// One measurement: its ticks, and its class.
pub(crate) type Sample = (u32, bool);

/// The parts of the measurements that are compared: all, and only the fastest ones. Interrupts make some very slow, and the
/// cropping removes them.
const CROPS: [f64; 6] = [1.0, 0.99, 0.95, 0.9, 0.75, 0.5];

/// Returns the greatest |t| over all crops.
pub(crate) fn greatest(samples: &mut [Sample]) -> f64 {
    samples.sort_unstable_by_key(|(ticks, _)| *ticks);
    CROPS.map(|part| t(crop(samples, part)).abs()).into_iter().fold(0.0, f64::max)
}

/// Measurements up to a time, with all of those that took this time: a cut through equal ones would depend on their order.
fn crop(sorted: &[Sample], part: f64) -> &[Sample] {
    let last = ((sorted.len() as f64 * part) as usize).clamp(1, sorted.len()) - 1;
    let end = sorted.partition_point(|(ticks, _)| *ticks <= sorted[last].0);
    &sorted[..end]
}

fn t(samples: &[Sample]) -> f64 {
    let [(mean0, error0), (mean1, error1)] = [false, true].map(|class| mean_and_error(samples, class));
    let error = (error0 + error1).sqrt();
    // Equal constants do not differ; different ones differ without doubt.
    if error > 0.0 {
        (mean0 - mean1) / error
    } else if mean0 == mean1 {
        0.0
    } else {
        f64::INFINITY
    }
}

/// The mean of a class, and the square of its standard error.
fn mean_and_error(samples: &[Sample], class: bool) -> (f64, f64) {
    let ticks = || samples.iter().filter(|(_, of)| *of == class).map(|(ticks, _)| f64::from(*ticks));
    let count = ticks().count() as f64;
    let mean = ticks().sum::<f64>() / count;
    let variance = ticks().map(|ticks| (ticks - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, variance / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed by hand: means 2 and 4, variances 1 and 1, three measurements each.
    #[test]
    fn t_is_the_difference_of_means_in_standard_errors() {
        let samples = [(1, false), (2, false), (3, false), (3, true), (4, true), (5, true)];
        assert!((t(&samples) + 2.0 / (2.0_f64 / 3.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn crop_keeps_all_measurements_of_the_last_time() {
        let sorted = [(1, false), (2, false), (2, true), (9, true)];
        assert_eq!(crop(&sorted, 0.5), &sorted[..3]);
        assert_eq!(crop(&sorted, 1.0), &sorted[..]);
    }
}
