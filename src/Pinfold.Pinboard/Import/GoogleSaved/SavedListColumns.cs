namespace Pinfold.Pinboard.Import.GoogleSaved;

/// <summary>The names of the columns of a saved list in the languages in which Takeout writes them.</summary>
static class SavedListColumns
{
    static readonly (string Column, string Names)[] Languages =
    [
        ("title", "title|titel|tittel|titre|título|titolo|titlu|otsikko|tytuł|název|názov|cím|naslov|başlık|"
            + "τίτλος|заголовок|название|назва|заглавие|наслов|标题|標題|タイトル|제목|judul|tajuk|tiêu đề|ชื่อ|"
            + "כותרת|العنوان|عنوان|शीर्षक|pavadinimas|nosaukums|pealkiri"),
        ("note", "note|notiz|notitie|notat|anteckning|nota|notă|muistiinpano|notatka|poznámka|jegyzet|"
            + "opomba|bilješka|not|σημείωση|заметка|примечание|нотатка|примітка|бележка|белешка|记事|备注|笔记|"
            + "附註|備註|記事|メモ|메모|catatan|ghi chú|โน้ต|หมายเหตุ|הערה|פתק|ملاحظة|یادداشت|नोट|pastaba|piezīme|märge"),
        ("url", "url|網址|网址|link|адрес|веб-адрес|lien|enlace"),
        ("tags", "tags|tag|labels|label|schlagwörter|étiquettes|libellés|etiquetas|etichette|etiketter|tagit|tagi|"
            + "štítky|címkék|etichete|etiketler|ετικέτες|теги|метки|мітки|标签|標籤|タグ|태그|ป้ายกำกับ|תגים|תוויות|"
            + "العلامات|टैग"),
        ("comment", "comment|kommentar|commentaire|comentario|comentário|commento|opmerking|reactie|kommentti|"
            + "komentarz|komentář|komentár|megjegyzés|hozzászólás|comentariu|komentar|yorum|σχόλιο|комментарий|"
            + "коментар|评论|評論|留言|コメント|댓글|의견|bình luận|ความคิดเห็น|תגובה|تعليق|टिप्पणी|komentaras|komentārs|kommentaar"),
    ];

    public static IReadOnlyDictionary<string, string> ByName { get; } = Languages
        .SelectMany(language => language.Names.Split('|').Select(name => (language.Column, Name: Text.Composed(name))))
        .ToDictionary(pair => pair.Name, pair => pair.Column);
}
