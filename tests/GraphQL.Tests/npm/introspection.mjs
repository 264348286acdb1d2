// Prints the introspection query that graphql-js asks for, with everything that it knows to ask.
import { getIntrospectionQuery } from './oracle.mjs';

console.log(getIntrospectionQuery({ descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true }));
