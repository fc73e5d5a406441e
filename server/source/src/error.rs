use model::Timestamp;

/// Why X gave no answer, in words for the person who looks after the schedule.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error(
        "{0} is no address Roost may fetch from: it takes https://api.x.com, or (not in production) a simulator on this machine"
    )]
    Address(String),
    #[error("the X API cannot be reached: {0}")]
    Network(String),
    #[error("X refused the credential (401): replace the bearer token")]
    Unauthorized,
    #[error("X forbids this request (403): {0}")]
    Forbidden(String),
    #[error("X's limit of requests is used up (429){}", until(reset))]
    RateLimited { reset: Option<Timestamp> },
    #[error("the account has read as much as it may (429): {0}")]
    CapReached(String),
    #[error("the account has no credits left (402): {0}")]
    OutOfCredits(String),
    #[error("X does not understand the request ({status}): {detail}")]
    Refused { status: u16, detail: String },
    #[error("X has trouble of its own ({0}); the next run tries again")]
    Unavailable(u16),
    #[error("the answer is larger than {0} MB")]
    TooLarge(usize),
}

fn until(reset: &Option<Timestamp>) -> String {
    reset.map(|time| format!("; the next window begins at {} UTC", time.format("%H:%M:%S"))).unwrap_or_default()
}
