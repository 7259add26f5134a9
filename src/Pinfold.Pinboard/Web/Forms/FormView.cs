namespace Pinfold.Pinboard.Web.Forms;

/// <summary>A page with a form: the errors by field name; the empty name is for the form as a whole.</summary>
internal abstract record FormView : PageView
{
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    public override int Status => Errors.Count == 0 ? 200 : 422;

    public string? Error(string field) => Errors.GetValueOrDefault(field);
}
