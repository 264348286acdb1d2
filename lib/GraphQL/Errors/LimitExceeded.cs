// The refusal that all limits share: the limit's name, its value, the found value.
using System.Globalization;

namespace EventSourced.GraphQL.Errors;

/// <summary>Makes refusals of requests that exceed a named limit.</summary>
public static class LimitExceeded
{
    /// <summary>The error that names the limit.</summary>
    public static GraphQLError Error(string limit, double maximum, double found) => new GraphQLError(
            string.Create(CultureInfo.InvariantCulture, $"The limit {limit} is {maximum}, found {found}."),
            ErrorCodes.LimitExceeded)
        .WithExtension("limit", limit)
        .WithExtension("maximum", maximum)
        .WithExtension("found", found);

    /// <summary>The same as an exception.</summary>
    public static GraphQLException Exception(string limit, double maximum, double found) =>
        new(Error(limit, maximum, found));
}
