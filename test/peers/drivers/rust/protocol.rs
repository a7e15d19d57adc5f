//! One document a line on standard input, `SECONDS ROOT DOCUMENT` (time of evaluation, DER of the trusted root and
//! the document, both in hexadecimal digits); one verdict a line on standard output, `= VERDICT NANOSECONDS MESSAGE`.

use std::io::{self, BufRead, Write};
use std::panic::{self, AssertUnwindSafe};
use std::time::Instant;

/// What a verifier is asked.
pub struct Question {
    pub seconds: u64,
    pub root: Vec<u8>,
    pub document: Vec<u8>,
}

/// Answers questions until the input ends. The time taken is that of `verify` alone.
pub fn serve(verify: impl Fn(&Question) -> Result<(), String>) {
    panic::set_hook(Box::new(|_| {}));
    for line in io::stdin().lock().lines() {
        let question = parse(&line.expect("standard input can be read"));
        let started = Instant::now();
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| verify(&question)));
        let nanoseconds = started.elapsed().as_nanos();
        let (verdict, message) = match outcome {
            Ok(Ok(())) => ("accepted", String::new()),
            Ok(Err(message)) => ("refused", message),
            Err(_) => ("crashed", "panic".to_string()),
        };
        let message: String = message.chars().filter(|c| !c.is_control()).take(200).collect();
        println!("= {verdict} {nanoseconds} {message}");
        io::stdout().flush().expect("standard output can be written");
    }
}

fn parse(line: &str) -> Question {
    let mut fields = line.split(' ');
    let mut next = || fields.next().expect("a line has three fields");
    Question { seconds: next().parse().expect("seconds"), root: unhex(next()), document: unhex(next()) }
}

fn unhex(digits: &str) -> Vec<u8> {
    (0..digits.len() / 2)
        .map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("hexadecimal digits"))
        .collect()
}
