// Turns PostgreSQL's address as people copy it, postgresql://user:password@host:port/database?sslmode=require, into the
// form that the driver takes. Enters: a text. Leaves: a connection string; the same text where it is no such address.
// Always holds: a fault names no part of the text, since any part may be a password.
using Npgsql;

namespace EventSourced.Host.Settings;

/// <summary>PostgreSQL's address.</summary>
public static class DatabaseAddress
{
    private const int UsualPort = 5432;

    /// <summary>Turns an address into a connection string of the driver.</summary>
    /// <exception cref="FormatException">The address is not well-formed.</exception>
    public static string ToConnectionString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith("postgresql://", StringComparison.Ordinal)
            && !text.StartsWith("postgres://", StringComparison.Ordinal)) return text;
        if (!Uri.TryCreate(
            text, UriKind.Absolute, out var address)) throw new FormatException("expected an address of PostgreSQL");
        var (user, password) = address.UserInfo.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
            ? (address.UserInfo[..colon], address.UserInfo[(colon + 1)..])
            : (address.UserInfo, "");
        var parts = new NpgsqlConnectionStringBuilder
        {
            Host = address.IdnHost.Trim('[', ']'),
            Port = address.Port > 0 ? address.Port : UsualPort,
        };
        if (user.Length > 0) parts.Username = Uri.UnescapeDataString(user);
        if (password.Length > 0) parts.Password = Uri.UnescapeDataString(password);
        if (address.AbsolutePath.Length > 1) parts.Database = Uri.UnescapeDataString(address.AbsolutePath[1..]);
        foreach (var pair in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)) Add(parts,
            pair);
        return parts.ConnectionString;
    }

    // Translates the options that the driver spells differently from PostgreSQL's own library.
    private static void Add(NpgsqlConnectionStringBuilder parts, string pair)
    {
        var (name, value) = pair.Split('=', 2) is [var left, var right]
            ? (left, Uri.UnescapeDataString(right)) : (pair, "");
        switch (name)
        {
            case "sslmode":
                parts.SslMode = value switch
                {
                    "disable" => SslMode.Disable,
                    "allow" => SslMode.Allow,
                    "prefer" => SslMode.Prefer,
                    "require" => SslMode.Require,
                    "verify-ca" => SslMode.VerifyCA,
                    "verify-full" => SslMode.VerifyFull,
                    _ => throw new FormatException("expected an sslmode of PostgreSQL"),
                };
                break;
            case "sslrootcert":
                parts.RootCertificate = value;
                break;
            case "application_name":
                parts.ApplicationName = value;
                break;
            default:
                throw new FormatException("expected sslmode, sslrootcert or application_name");
        }
    }
}
