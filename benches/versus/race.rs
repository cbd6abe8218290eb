//! Two sides of one job, measured in turns.

use std::time::{Duration, Instant};

use allocation_counter::AllocationInfo;

/// How the contests are run.
pub(crate) struct Race {
    /// Once through, to see that everything works.
    pub(crate) short: bool,
    /// Only contests with this in their name.
    pub(crate) filter: Option<String>,
}

/// How often a contest is repeated.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    /// Runs of each side in one round.
    pub(crate) repeat: usize,
    /// Does a side do all its work on the thread that measures? Otherwise what is counted there says nothing.
    pub(crate) on_this_thread: bool,
}

impl Race {
    pub(crate) fn heading() {
        println!(
            "{:<42} {:>11} {:>11} {:>7} {:>7} {:>8} {:>8} {:>10} {:>10}",
            "contest: ours / theirs", "ours", "theirs", "median", "best", "allocs", "", "peak KiB", ""
        );
    }

    pub(crate) fn wants(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| name.contains(filter))
    }

    /// Each side gets the number of runs it shall make. Prints the fastest time of each, the median of the rounds' ratios,
    /// the ratio of the fastest rounds, and what one run allocates on this thread: how often, and at most at one time.
    pub(crate) fn between(
        &self,
        name: &str,
        effort: Effort,
        mut ours: impl FnMut(usize),
        mut theirs: impl FnMut(usize),
    ) {
        if !self.wants(name) {
            return;
        }
        let (rounds, repeat) = if self.short {
            (1, 1)
        } else {
            (effort.rounds, effort.repeat)
        };
        // The first runs open connections and fill caches; they count for neither.
        ours(1);
        theirs(1);
        let allocated = [
            allocation_counter::measure(|| ours(1)),
            allocation_counter::measure(|| theirs(1)),
        ];
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..rounds {
            // Whoever goes second finds warmer caches, so they take turns at that as well.
            for side in [round % 2, (round + 1) % 2] {
                let start = Instant::now();
                if side == 0 {
                    ours(repeat)
                } else {
                    theirs(repeat)
                }
                times[side].push(start.elapsed().as_secs_f64() / repeat as f64);
            }
        }
        report(name, &times, effort.on_this_thread.then_some(&allocated));
    }
}

fn report(name: &str, [ours, theirs]: &[Vec<f64>; 2], allocated: Option<&[AllocationInfo; 2]>) {
    let mut ratios: Vec<f64> = ours
        .iter()
        .zip(theirs)
        .map(|(ours, theirs)| ours / theirs)
        .collect();
    ratios.sort_by(f64::total_cmp);
    let best = |times: &[f64]| times.iter().copied().fold(f64::INFINITY, f64::min);
    let (our_best, their_best) = (best(ours), best(theirs));
    let shown = |seconds| format!("{:.1?}", Duration::from_secs_f64(seconds));
    let side = |side: usize| allocated.map(|both| both[side]);
    let count = |memory: Option<AllocationInfo>| {
        memory.map_or_else(|| "-".to_owned(), |memory| memory.count_total.to_string())
    };
    let peak = |memory: Option<AllocationInfo>| {
        memory.map_or_else(
            || "-".to_owned(),
            |memory| format!("{:.1}", memory.bytes_max as f64 / 1024.0),
        )
    };
    println!(
        "{name:<42} {:>11} {:>11} {:>7.3} {:>7.3} {:>8} {:>8} {:>10} {:>10}",
        shown(our_best),
        shown(their_best),
        ratios[ratios.len() / 2],
        our_best / their_best,
        count(side(0)),
        count(side(1)),
        peak(side(0)),
        peak(side(1)),
    );
}
