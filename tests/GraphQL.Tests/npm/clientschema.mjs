// Standard input: {"sdl","introspection"}: graphql-js must build the same schema from our introspection as from the text.
import { readFileSync } from 'node:fs';
import { buildSchema, buildClientSchema, printSchema, lexicographicSortSchema } from './oracle.mjs';

const { sdl, introspection } = JSON.parse(readFileSync(0, 'utf8'));
const expected = printSchema(lexicographicSortSchema(buildSchema(sdl)));
const found = printSchema(lexicographicSortSchema(buildClientSchema(introspection.data)));
console.log(JSON.stringify({ equal: expected === found, expected, found, length: found.length }));
