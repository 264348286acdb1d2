// The names of all limits, as they stand in `extensions.limit` of a refusal and in the options.
namespace EventSourced.GraphQL.Errors;

/// <summary>The limits by their names.</summary>
public static class LimitNames
{
    /// <summary>The bytes of a document.</summary>
    public const string DocumentBytes = "DOCUMENT_BYTES";

    /// <summary>The tokens of a document.</summary>
    public const string Tokens = "TOKENS";

    /// <summary>The nesting of braces and brackets in the text of a document.</summary>
    public const string Nesting = "NESTING";

    /// <summary>The nesting of fields once fragments are expanded.</summary>
    public const string Depth = "DEPTH";

    /// <summary>The aliases once fragments are expanded.</summary>
    public const string Aliases = "ALIASES";

    /// <summary>The fields once fragments are expanded.</summary>
    public const string FragmentExpansion = "FRAGMENT_EXPANSION";

    /// <summary>The directives of a document.</summary>
    public const string Directives = "DIRECTIVES";

    /// <summary>The steps that comparing overlapping fields takes.</summary>
    public const string OverlappingFields = "OVERLAPPING_FIELDS";

    /// <summary>The cost of an operation by the weights of its fields and the sizes of its lists.</summary>
    public const string Cost = "COST";

    /// <summary>The elements that one list is asked for.</summary>
    public const string ListSize = "LIST_SIZE";

    /// <summary>The bytes of a request's body.</summary>
    public const string RequestBytes = "REQUEST_BYTES";

    /// <summary>The nesting of the variables' JSON.</summary>
    public const string VariableDepth = "VARIABLE_DEPTH";

    /// <summary>The milliseconds that a request may take.</summary>
    public const string Time = "TIME_MS";

    /// <summary>The relations that one entry of an order goes through.</summary>
    public const string OrderDepth = "ORDER_DEPTH";

    /// <summary>The characters of a search by words.</summary>
    public const string SearchLength = "SEARCH_LENGTH";

    /// <summary>The operations that one connection may run at once.</summary>
    public const string Subscriptions = "SUBSCRIPTIONS";

    /// <summary>The results that wait for a client that does not read.</summary>
    public const string Queue = "QUEUE";
}
