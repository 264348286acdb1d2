// The files that the assembly carries: a name enters, the text or the bytes leave. A missing file is a fault of the
// build.
namespace EventSourced.Api.Serving;

/// <summary>Reads the files of the assembly.</summary>
internal static class EmbeddedFile
{
    internal static string Text(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }

    internal static byte[] Bytes(string name)
    {
        using var stream = Open(name);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The files of a folder, by their whole names.</summary>
    internal static IEnumerable<string> Names(string folder) =>
        typeof(EmbeddedFile).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal));

    private static Stream Open(string name) => typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"expected {name} in the assembly, found none");
}
