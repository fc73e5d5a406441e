//! Arrow's schema in the protocol's JSON, and back.

use crate::error::{LakeError, Result};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use serde_json::{Value, json};
use std::sync::Arc;

pub fn to_json(schema: &Schema) -> Result<String> {
    let fields = schema.fields().iter().map(|field| field_to_json(field)).collect::<Result<Vec<_>>>()?;
    Ok(json!({ "type": "struct", "fields": fields }).to_string())
}

fn field_to_json(field: &Field) -> Result<Value> {
    let data_type = type_to_json(field.data_type())?;
    Ok(json!({ "name": field.name(), "type": data_type, "nullable": field.is_nullable(), "metadata": {} }))
}

fn type_to_json(data_type: &DataType) -> Result<Value> {
    Ok(match data_type {
        DataType::Utf8 => "string".into(),
        DataType::Binary => "binary".into(),
        DataType::Int64 => "long".into(),
        DataType::Float64 => "double".into(),
        DataType::Boolean => "boolean".into(),
        DataType::Date32 => "date".into(),
        DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => "timestamp".into(),
        DataType::List(element) => {
            let kind = type_to_json(element.data_type())?;
            json!({ "type": "array", "elementType": kind, "containsNull": element.is_nullable() })
        }
        other => return Err(LakeError::damaged(format!("no column can be of the type {other}"))),
    })
}

pub fn from_json(text: &str) -> Result<Schema> {
    let unknown = || LakeError::damaged("its schema is not one of Roost's");
    let parsed: Value = serde_json::from_str(text).map_err(LakeError::damaged)?;
    let fields = parsed["fields"].as_array().ok_or_else(unknown)?;
    let field = |field: &Value| {
        let name = field["name"].as_str()?;
        Some(Field::new(name, type_from_json(&field["type"])?, field["nullable"].as_bool()?))
    };
    Ok(Schema::new(fields.iter().map(field).collect::<Option<Vec<_>>>().ok_or_else(unknown)?))
}

fn type_from_json(value: &Value) -> Option<DataType> {
    Some(match value.as_str() {
        Some("string") => DataType::Utf8,
        Some("binary") => DataType::Binary,
        Some("long") => DataType::Int64,
        Some("double") => DataType::Float64,
        Some("boolean") => DataType::Boolean,
        Some("date") => DataType::Date32,
        Some("timestamp") => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Some(_) => return None,
        None if value["type"] == "array" => {
            let element = crate::columns::element(type_from_json(&value["elementType"])?);
            DataType::List(Arc::new(element.with_nullable(value["containsNull"].as_bool()?)))
        }
        None => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::table_schema;
    use crate::raw::RawTweet;
    use model::Row;

    #[test]
    fn a_schema_survives_the_way_there_and_back() {
        for schema in [table_schema::<Row>(), table_schema::<RawTweet>()] {
            assert_eq!(from_json(&to_json(&schema).unwrap()).unwrap(), *schema);
        }
    }
}
