// The files that the assembly carries: a name enters, the text leaves. A missing file is a fault of the build.
namespace EventSourced.Api.Serving;

/// <summary>Reads the files of the assembly.</summary>
internal static class EmbeddedFile
{
    internal static string Text(string name)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"expected {name} in the assembly, found none");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
