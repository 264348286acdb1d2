// The place in a field where the executor keeps its part. The type system carries the part and never reads it: types
// know nothing of execution.
namespace EventSourced.GraphQL.TypeSystem;

/// <summary>The executor's way to a field's value; execution derives the only class of it.</summary>
internal abstract class FieldBinding;
