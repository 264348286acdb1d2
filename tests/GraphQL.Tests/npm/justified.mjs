// The differences that we want, each with its reason. Everything else is a failure of the test.
export function justify(request, graphqlJs, ours) {
  if (graphqlJs === null && /must not use `@skip` or `@include` directives/.test(ours ?? ''))
    return 'September 2025, 5.2.4.1: a subscription must not leave its root field to @skip or @include; graphql-js 16 follows October 2021';
  if (graphqlJs === null && /does not support (mutation|subscription) operations/.test(ours ?? ''))
    return 'September 2025, 5.2.1.1: an operation whose root type the schema lacks is refused by validation; graphql-js 16 refuses it when it runs';
  if (graphqlJs === null && /must be non-nullable to be used for OneOf Input Object/.test(ours ?? ''))
    return '5.8.5: a nullable variable in a OneOf input object; graphql-js 16 looks for the input object through its non-null wrapper and misses it';
  const meeting = graphqlJs === null && /"(\w+)" conflict because they return conflicting types (?:"String!" and|".*" and "String!")/.exec(ours ?? '');
  if (meeting && new RegExp(`\\b${meeting[1]}\\s*:\\s*__typename\\b`).test(request.query))
    return '5.3.2: __typename returns String!, also where it meets a field of another type; graphql-js 16 compares no types where one of the fields is __typename';
  return null;
}
