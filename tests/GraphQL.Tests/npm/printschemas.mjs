// Prints the schemas of the differential test as a JSON list.
import { schemas } from './schemas.mjs';

console.log(JSON.stringify(schemas));
