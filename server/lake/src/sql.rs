//! Questions in SQL: only questions, within limits.

use crate::deadline;
use crate::delta::State;
use crate::error::{LakeError, Result};
use crate::lake::{Lake, TWEETS};
use crate::provider::Provider;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::physical_plan::execute_stream;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::TryStreamExt;
use object_store::ObjectStore;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Threads that work on a question, apart from all else.
const THREADS: usize = 2;
/// Bytes of stack of each: a sum of many parts is planned and worked out part within part.
const STACK: usize = 64 << 20;
/// Bytes of the longest question, so that the stack is enough for any.
const LONGEST: usize = 10_000;
/// Functions that make a value of any size out of a number, which no limit of memory would notice in time.
const BUILDERS: [&str; 9] = [
    "array_repeat",
    "array_resize",
    "generate_series",
    "list_repeat",
    "list_resize",
    "lpad",
    "range",
    "repeat",
    "rpad",
];
const ONLY_QUESTIONS: &str =
    "the lake answers questions and takes no changes: begin with SELECT, WITH, EXPLAIN, SHOW or DESCRIBE";

/// How much a question may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Rows of the answer; what comes after them is left out.
    pub rows: usize,
    pub seconds: u64,
    /// Bytes that sorting, grouping and joining may use together, and the answer may have.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 1_000, seconds: 60, memory: 256 << 20 }
    }
}

/// What a question gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    pub columns: Vec<AnswerColumn>,
    pub rows: Vec<Vec<Cell>>,
    /// Whether there are more rows than the limit lets through.
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AnswerColumn {
    pub name: String,
    /// As Arrow calls it.
    pub data_type: String,
}

/// A value of an answer. What has no form of its own here (times, dates, intervals) is text.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    None,
    Flag(bool),
    Whole(i64),
    Decimal(f64),
    Text(String),
    List(Vec<Cell>),
}

impl Lake {
    /// Asks the table `tweets` as it was at the last commit that this process knows of.
    ///
    /// # Errors
    /// `Sql`, in one line: what is wrong with the question and where, or which limit it reached.
    pub async fn sql(&self, question: &str, limits: Limits) -> Result<Answer> {
        let state =
            self.known().ok_or_else(|| LakeError::Sql("there is no lake yet: fill it with `roost relake`".into()))?;
        if question.len() > LONGEST {
            return Err(LakeError::Sql(format!("the question is longer than {LONGEST} bytes: shorten it")));
        }
        let (store, question) = (self.table().files.store(), question.to_owned());
        // A runtime of its own: whatever the question keeps busy, nobody else waits, and it ends with its time.
        let asked = tokio::task::spawn_blocking(move || {
            let mut runtime = tokio::runtime::Builder::new_multi_thread();
            let runtime = runtime.worker_threads(THREADS).thread_stack_size(STACK).enable_all().build()?;
            let work = runtime.spawn(async move { ask(state, store, &question, limits).await });
            let answer = runtime.block_on(tokio::time::timeout(Duration::from_secs(limits.seconds), work));
            runtime.shutdown_background();
            match answer {
                Ok(Ok(answer)) => answer,
                Ok(Err(_)) => Err(LakeError::Sql("the question made the engine fail: ask it in another way".into())),
                Err(_) => Err(LakeError::Sql(too_long(limits))),
            }
        });
        asked.await.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
    }
}

async fn ask(state: Arc<State>, store: Arc<dyn ObjectStore>, question: &str, limits: Limits) -> Result<Answer> {
    let end = Instant::now() + Duration::from_secs(limits.seconds);
    let context = session(state, store, limits).map_err(explain)?;
    let plan = context.state().create_logical_plan(question).await.map_err(explain)?;
    let questions = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    questions.verify_plan(&plan).map_err(|_| LakeError::Sql(ONLY_QUESTIONS.to_owned()))?;
    let plan = context
        .state()
        .create_physical_plan(&plan)
        .await
        .and_then(|plan| deadline::until(plan, end, &too_long(limits)))
        .map_err(explain)?;
    let mut stream = execute_stream(plan, context.task_ctx()).map_err(explain)?;
    let mut answer = Answer { columns: columns(&stream.schema()), ..Answer::default() };
    let mut bytes = 0;
    while let Some(batch) = stream.try_next().await.map_err(explain)? {
        let room = limits.rows - answer.rows.len();
        answer.more = batch.num_rows() > room;
        let batch = batch.slice(0, batch.num_rows().min(room));
        let columns = (0..batch.num_columns()).map(|at| cells(&batch, at)).collect::<Result<Vec<_>>>()?;
        let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
        for _ in 0..batch.num_rows() {
            let row: Vec<Cell> = columns.iter_mut().filter_map(Iterator::next).collect();
            bytes += row.iter().map(Cell::bytes).sum::<usize>();
            answer.rows.push(row);
        }
        if bytes > limits.memory {
            return Err(LakeError::Sql(too_much(limits)));
        }
        if answer.more {
            break;
        }
    }
    Ok(answer)
}

/// A session that knows the tables of the lake and nothing else: no files, no addresses.
fn session(state: Arc<State>, store: Arc<dyn ObjectStore>, limits: Limits) -> Result<SessionContext, DataFusionError> {
    let mut config = SessionConfig::new()
        .with_target_partitions(THREADS)
        .with_information_schema(true)
        .with_default_catalog_and_schema("lake", "public");
    config.options_mut().sql_parser.collect_spans = true;
    config.options_mut().execution.enable_recursive_ctes = false;
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(limits.memory)))
        // What does not fit into memory is not written to the disk: tweets would lie there unseen.
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
        .build_arc()?;
    let url = ObjectStoreUrl::parse(format!("lake://{TWEETS}"))?;
    let _ = runtime.deregister_object_store(ObjectStoreUrl::local_filesystem().as_ref());
    runtime.register_object_store(url.as_ref(), store);
    let context = SessionContext::new_with_config_rt(config, runtime);
    BUILDERS.iter().for_each(|name| context.deregister_udf(name));
    context.register_table(TWEETS, Arc::new(Provider::new(state, url)))?;
    Ok(context)
}

fn columns(schema: &SchemaRef) -> Vec<AnswerColumn> {
    let column = |field: &Arc<arrow::datatypes::Field>| AnswerColumn {
        name: field.name().clone(),
        data_type: field.data_type().to_string(),
    };
    schema.fields().iter().map(column).collect()
}

fn cells(batch: &RecordBatch, column: usize) -> Result<Vec<Cell>> {
    array_cells(batch.column(column))
}

fn array_cells(array: &dyn Array) -> Result<Vec<Cell>> {
    let or_none = |at: usize, cell: &dyn Fn(usize) -> Cell| if array.is_null(at) { Cell::None } else { cell(at) };
    let all = |cell: &dyn Fn(usize) -> Cell| (0..array.len()).map(|at| or_none(at, cell)).collect();
    match array.data_type() {
        DataType::Boolean => Ok(all(&|at| Cell::Flag(array.as_boolean().value(at)))),
        DataType::Int64 => Ok(all(&|at| Cell::Whole(array.as_primitive::<Int64Type>().value(at)))),
        DataType::Float64 => Ok(all(&|at| Cell::Decimal(array.as_primitive::<Float64Type>().value(at)))),
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => {
            array_cells(&arrow::compute::cast(array, &DataType::Int64)?)
        }
        DataType::List(_) => {
            let lists = array.as_list::<i32>();
            (0..array.len())
                .map(
                    |at| if array.is_null(at) { Ok(Cell::None) } else { array_cells(&lists.value(at)).map(Cell::List) },
                )
                .collect()
        }
        _ => {
            let shown = ArrayFormatter::try_new(array, &FormatOptions::default())?;
            Ok(all(&|at| Cell::Text(shown.value(at).to_string())))
        }
    }
}

impl Cell {
    /// About how much memory it takes.
    fn bytes(&self) -> usize {
        let within = match self {
            Self::Text(text) => text.len(),
            Self::List(cells) => cells.iter().map(Self::bytes).sum(),
            _ => 0,
        };
        size_of::<Self>() + within
    }
}

fn too_long(limits: Limits) -> String {
    format!("the question took longer than {} seconds: narrow it down, best by day", limits.seconds)
}

fn too_much(limits: Limits) -> String {
    format!("the question needs more than {} MB of memory: narrow it down, best by day", limits.memory >> 20)
}

/// An error of the engine in one line, with the place where it is known.
fn explain(error: DataFusionError) -> LakeError {
    let place = error.diagnostic().and_then(|diagnostic| diagnostic.span.as_ref().map(|span| span.start));
    let root = error.find_root();
    let text = match root {
        DataFusionError::ResourcesExhausted(_) => {
            "the question needs more memory than it may have: narrow it down, best by day".to_owned()
        }
        DataFusionError::SQL(error, _) => error.to_string(),
        other => other.strip_backtrace(),
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = ["Error during planning: ", "Schema error: ", "Execution error: ", "sql parser error: "]
        .iter()
        .fold(text.as_str(), |text, begin| text.strip_prefix(begin).unwrap_or(text));
    let text = match text.split_once(" Valid fields are ") {
        Some((text, _)) => format!("{text} DESCRIBE tweets lists the columns"),
        None => text.to_owned(),
    };
    LakeError::Sql(match place {
        Some(at) => format!("{text} (line {}, column {})", at.line, at.column),
        None => text,
    })
}
