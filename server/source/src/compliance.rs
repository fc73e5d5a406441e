//! `/2/compliance/jobs`: ids go up, and what became of them comes down.
//! <https://docs.x.com/x-api/compliance/batch-compliance/introduction>

use crate::client::{Answer, XClient, read};
use crate::endpoint::{CREATE_JOB, DELETE_JOB, JOB, JOBS};
use crate::error::SourceError;
use crate::read::{Data, Listed, object, time};
use crate::request::Request;
use crate::stream::{Lines, why};
use model::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Method, RequestBuilder};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// What the ids of a job name. X does one job of each kind at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    Posts,
    Users,
}

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobStatus {
    /// It waits for its ids.
    Created,
    InProgress,
    Complete,
    Failed,
    /// No ids came in time.
    Expired,
    /// X has a new word.
    Unknown,
}

/// A job. Its addresses open its files to everyone who knows them.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: u64,
    pub status: JobStatus,
    /// It takes ids until then: 15 minutes from the beginning.
    pub upload_expires_at: Option<Timestamp>,
    /// Its result is there until then.
    pub download_expires_at: Option<Timestamp>,
    upload_url: Option<SecretString>,
    download_url: Option<SecretString>,
}

/// A line of a result: what became of an id.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Verdict {
    pub id: String,
    /// `delete`, or `scrub_geo` where only the place must go.
    pub action: String,
    /// `deleted`, `deactivated`, `suspended`, `protected`, `scrub_geo`, `bounced`.
    pub reason: Option<String>,
}

const FIELDS: &str =
    "created_at,download_expires_at,download_url,id,name,resumable,status,type,upload_expires_at,upload_url";
/// A line of a result has some 200 bytes.
const LONGEST_LINE: usize = 1 << 16;
/// How long nothing of a file may come.
const PATIENCE: Duration = Duration::from_secs(60);

impl JobKind {
    fn name(self) -> &'static str {
        match self {
            Self::Posts => "tweets",
            Self::Users => "users",
        }
    }
}

pub fn create(kind: JobKind, name: &str) -> Request {
    let body = json!({ "type": kind.name(), "name": name, "resumable": false });
    Request::new(&CREATE_JOB).with("compliance_job.fields", FIELDS).sending(body)
}

pub fn list(kind: JobKind) -> Request {
    Request::new(&JOBS).with("type", kind.name()).with("compliance_job.fields", FIELDS)
}

pub fn show(id: u64) -> Request {
    Request::new(&JOB).at(id).with("compliance_job.fields", FIELDS)
}

/// Makes room for another.
pub fn delete(id: u64) -> Request {
    Request::new(&DELETE_JOB).at(id)
}

impl Job {
    /// Reads an answer to [`create`] or [`show`].
    ///
    /// # Errors
    /// When it is no job.
    pub fn read(json: &[u8]) -> Result<Self, SourceError> {
        object::<Data<Row>>(json)?.data.job()
    }

    /// Reads an answer to [`list`].
    ///
    /// # Errors
    /// When it holds no jobs.
    pub fn read_list(json: &[u8]) -> Result<Vec<Self>, SourceError> {
        object::<Listed<Row>>(json)?.data.into_iter().map(Row::job).collect()
    }
}

impl Verdict {
    /// Reads a line of a result.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(line: &[u8]) -> Result<Self, SourceError> {
        object(line)
    }
}

impl XClient {
    /// Sends a job its ids, each on a line. A job takes them once.
    ///
    /// # Errors
    /// When they did not get there. What X refuses is in the answer.
    pub async fn upload(&self, job: &Job, ids: Vec<u8>) -> Result<Answer, SourceError> {
        let request = self.file(Method::PUT, job.upload_url.as_ref()).await?;
        let request = request.header(CONTENT_TYPE, "application/octet-stream").body(ids);
        let mut reply = self.egress.send_file(request).await?;
        // Where the files are with somebody else, the answer is empty.
        if reply.body.is_empty() {
            reply.body = b"{}".to_vec();
        }
        read(reply)
    }

    /// The lines of a complete job's result, each a [`Verdict`]. Ids of which there is nothing to tell have none.
    ///
    /// # Errors
    /// When there is no result.
    pub async fn download(&self, job: &Job) -> Result<Lines, SourceError> {
        let request = self.file(Method::GET, job.download_url.as_ref()).await?;
        let response = self.egress.open(request).await?;
        if response.status().is_success() {
            return Ok(Lines::new(response, LONGEST_LINE, PATIENCE));
        }
        Err(why(self.refused(response).await?))
    }

    async fn file(&self, method: Method, address: Option<&SecretString>) -> Result<RequestBuilder, SourceError> {
        self.auth().check(&JOB)?;
        let address = address.ok_or_else(|| SourceError::Garbled("the job has no address for its file".to_owned()))?;
        let (url, is_with_the_api) = self.egress.file_url(address)?;
        let request = self.egress.request(method.clone(), url.clone());
        if !is_with_the_api {
            return Ok(request);
        }
        Ok(request.header(AUTHORIZATION, self.auth().word(&method, &url, &self.egress).await?))
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    #[serde(default)]
    status: String,
    upload_url: Option<SecretString>,
    upload_expires_at: Option<String>,
    download_url: Option<SecretString>,
    download_expires_at: Option<String>,
}

impl Row {
    fn job(self) -> Result<Job, SourceError> {
        let id = self.id.parse().map_err(|_| SourceError::Garbled("the id of a job is no number".to_owned()))?;
        let status = match self.status.as_str() {
            "created" => JobStatus::Created,
            "in_progress" => JobStatus::InProgress,
            "complete" => JobStatus::Complete,
            "failed" => JobStatus::Failed,
            "expired" => JobStatus::Expired,
            _ => JobStatus::Unknown,
        };
        let moment = |text: Option<String>| text.and_then(|text| time(&text));
        Ok(Job {
            id,
            status,
            upload_expires_at: moment(self.upload_expires_at),
            download_expires_at: moment(self.download_expires_at),
            upload_url: self.upload_url,
            download_url: self.download_url,
        })
    }
}
