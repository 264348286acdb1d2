// What of graphql-js is taken as the reference.
export { buildSchema, parse, validate, getVariableValues, buildClientSchema, printSchema, lexicographicSortSchema, getIntrospectionQuery } from 'graphql';
