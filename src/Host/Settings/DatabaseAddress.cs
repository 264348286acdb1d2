// PostgreSQL's address as people copy it, postgresql://user:password@host:port/database?sslmode=require, to what the
// driver takes. Enters: a text. Leaves: the same text where it is no such address, else a connection string. Always
// holds: a fault names no part of the text, for any part may be a password.
using Npgsql;

namespace EventSourced.Host.Settings;

/// <summary>PostgreSQL's address.</summary>
public static class DatabaseAddress
{
    private const int UsualPort = 5432;

    /// <summary>To what the driver takes.</summary>
    /// <exception cref="FormatException">An address that is none.</exception>
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

    // What the driver writes otherwise than PostgreSQL's own library does.
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
