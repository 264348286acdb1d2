// PostgreSQL's addresses: what the driver is given for each.
using EventSourced.Host.Settings;
using Npgsql;

namespace EventSourced.Host.Tests;

public sealed class DatabaseAddressTests
{
    [Theory]
    [InlineData("postgresql://es@here/world", "here", 5432, "es", null, "world")]
    [InlineData("postgres://es:p%40ss%3Aword@here:6000/world", "here", 6000, "es", "p@ss:word", "world")]
    [InlineData("postgresql://me%20too:a:b@[::1]:6000/w%20d", "::1", 6000, "me too", "a:b", "w d")]
    [InlineData("postgresql://here", "here", 5432, null, null, null)]
    public void An_address_becomes_what_the_driver_takes(
        string address, string host, int port, string? user, string? password, string? database)
    {
        var parts = new NpgsqlConnectionStringBuilder(DatabaseAddress.ToConnectionString(address));
        Assert.Equal((host, port, user, password, database),
            (parts.Host, parts.Port, parts.Username, parts.Password, parts.Database));
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("allow", SslMode.Allow)]
    [InlineData("prefer", SslMode.Prefer)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void The_modes_of_encryption_keep_their_meaning(string mode, SslMode expected)
    {
        var parts = new NpgsqlConnectionStringBuilder(DatabaseAddress.ToConnectionString(
            $"postgresql://es@here/world?sslmode={mode}&sslrootcert=%2Fcerts%2Froot.pem&application_name=auditor"));
        Assert.Equal(
            (expected, "/certs/root.pem", "auditor"), (parts.SslMode, parts.RootCertificate, parts.ApplicationName));
    }

    [Fact]
    public void What_is_no_address_stays_as_it_is() =>
        Assert.Equal("Host=here;Database=world", DatabaseAddress.ToConnectionString("Host=here;Database=world"));

    [Theory]
    [InlineData("postgresql://es:hunter2@here:port/world")]
    [InlineData("postgresql://es:hunter2@here/world?sslmode=hunter2")]
    [InlineData("postgresql://es:hunter2@here/world?hunter2")]
    public void A_fault_names_no_part_of_the_address(string address) => Assert.DoesNotContain(
        "hunter2", Assert.Throws<FormatException>(() => DatabaseAddress.ToConnectionString(address)).Message,
            StringComparison.Ordinal);
}
