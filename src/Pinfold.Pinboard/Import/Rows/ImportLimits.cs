namespace Pinfold.Pinboard.Import.Rows;

/// <summary>What a row may hold, as boards and pins do, and how much a source may ask of the machine.</summary>
static class ImportLimits
{
    public const int BoardNameLengthMax = 80;
    public const int SectionNameLengthMax = 80;
    public const int BoardDescriptionLengthMax = 500;
    public const int TitleLengthMax = 200;
    public const int DescriptionLengthMax = 2000;
    public const int LinkLengthMax = 2048;
    public const int TagLengthMax = 60;
    public const int TagsMax = 50;

    /// <summary>Folders within folders; what lies deeper is read as if it lay in the deepest.</summary>
    public const int FolderDepthMax = 100;

    /// <summary>Rows of one source: bounds what is remembered to tell twins apart (at most some 40 MB).</summary>
    public const int RowsMax = 1_000_000;

    public const int FilesMax = 100_000;
    public const long PictureBytesMax = 50L << 20;
}
