// The planner's limits for one request, and PostgreSQL's own bounds.
namespace EventSourced.GraphQL.Sql;

internal static class SqlLimits
{
    public const int DefaultPageSize = 20;

    // The elements of a list that is no page.
    public const int DefaultListSize = 100;

    public const int MaxGroups = 1_000;

    public const int MaxGroupColumns = 4;

    public const int MaxOrderDepth = 4;

    public const int MaxSearchLength = 200;

    // `||` chains are cut into groups of so many, far below where PostgreSQL's planner runs out of stack.
    public const int MaxConcatenated = 100;
}
