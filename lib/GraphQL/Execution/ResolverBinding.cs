// The executor's part of a field: the resolver that gives the value, and the source of a subscription's events. A
// field without a binding takes the parent's member of its name.
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Execution;

internal sealed class ResolverBinding : FieldBinding
{
    public FieldResolver? Resolver { get; private set; }

    public EventSource? Subscriber { get; private set; }

    public static ResolverBinding? Of(OutputField field) => (ResolverBinding?)field.Binding;

    public static void Bind(OutputField field, FieldResolver resolver) => Made(field).Resolver = resolver;

    public static void Bind(OutputField field, EventSource source) => Made(field).Subscriber = source;

    private static ResolverBinding Made(OutputField field)
    {
        var binding = Of(field) ?? new ResolverBinding();
        field.Binding = binding;
        return binding;
    }
}
