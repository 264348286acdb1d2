// Sizes -> a drawing: two lines over the events, as SVG that every browser shows, in light and in dark.
using System.Globalization;
using System.Text;

namespace EventSourced.BenchArchive;

internal static class Graph
{
    private const int Width = 720;
    private const int Height = 360;
    private const int Left = 70;
    private const int Bottom = 50;
    private const int Top = 30;
    private const int Right = 30;
    private const int Lines = 4;

    internal static string Of(IReadOnlyList<Step> steps)
    {
        var (most, events) = (steps.Max(step => Math.Max(step.Megabytes, step.PrunedMegabytes)), steps[^1].Events);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13" fill="#777">
            <title>Size of the database over events: all history kept, and pruned to a window</title>

            """);
        for (var line = 0; line <= Lines; line++)
        {
            var value = most * line / Lines;
            svg.Append(CultureInfo.InvariantCulture, $"""
                <line x1="{Left}" x2="{Width - Right}" y1="{Y(value, most):0.#}" y2="{Y(value, most):0.#}" stroke="#7774"/>
                <text x="{Left - 8}" y="{Y(value, most) + 4:0.#}" text-anchor="end">{value:0} MB</text>
                <text x="{X(events * line / Lines, events):0.#}" y="{Height - Bottom + 20}" text-anchor="middle">{events * line / Lines:N0}</text>

                """);
        }

        Draw(svg, steps, step => step.Megabytes, "#c2410c", "all history", most, events);
        Draw(svg, steps, step => step.PrunedMegabytes, "#0369a1", "archived and pruned", most, events);
        svg.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">events</text>\n</svg>\n");
        return svg.ToString();
    }

    private static void Draw(
        StringBuilder svg, IReadOnlyList<Step> steps, Func<Step, double> of, string colour, string name, double most,
        long events)
    {
        var points = string.Join(' ', steps.Select(step => string.Create(
            CultureInfo.InvariantCulture, $"{X(step.Events, events):0.#},{Y(of(step), most):0.#}")));
        svg.Append(CultureInfo.InvariantCulture, $"""
            <polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"/>
            <text x="{Width - Right}" y="{Y(of(steps[^1]), most) - 8:0.#}" text-anchor="end" fill="{colour}">{name}: {of(steps[^1]):0} MB</text>

            """);
    }

    private static double X(double value, double most) => Left + (Width - Right - Left) * value / most;

    private static double Y(double value, double most) => Height - Bottom - (Height - Bottom - Top) * value / most;
}
