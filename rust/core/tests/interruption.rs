//! Interruption: whenever the callback says so, and never with a result that is half done.

use std::cell::Cell;

use intervalues_core::{Aggregation, Ends, Error, Interrupt, StepFunction};

type Rows = Vec<(i64, i64, i64)>;

fn combine(
    rows: &Rows,
    aggregation: Aggregation,
    ask: &mut dyn FnMut() -> bool,
) -> Result<StepFunction<i64, i64>, Error> {
    let mut interrupt = Interrupt::new(ask);
    Ends::read(&rows.iter().copied(), aggregation, &mut interrupt)?.combine(&mut interrupt)
}

#[test]
fn a_call_can_be_interrupted_at_every_question() {
    let close: Rows = (0..70_000).map(|i| (i % 1000, i % 1000 + 5, 1)).collect();
    let far: Rows =
        (0..70_000).map(|i| (i * 7_919 % 100_003 * 10_000, i % 77 * 1_000_000_000, i % 5)).collect();
    let wild: Rows =
        far.iter().map(|&(start, stop, value)| (start * 1_000, stop * 1_000, value << 40)).collect();
    for (rows, aggregation) in [
        (&close, Aggregation::Sum),
        (&far, Aggregation::Sum),
        (&wild, Aggregation::Sum),
        (&wild, Aggregation::Max),
    ] {
        let asked = Cell::new(0);
        let whole = combine(rows, aggregation, &mut || {
            asked.set(asked.get() + 1);
            false
        });
        let questions = asked.get();
        assert!(whole.is_ok() && questions >= 3);
        for patience in 0..questions {
            asked.set(0);
            let outcome = combine(rows, aggregation, &mut || {
                asked.set(asked.get() + 1);
                asked.get() > patience
            });
            assert_eq!(outcome, Err(Error::Interrupted));
        }
    }
}
