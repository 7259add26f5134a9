using System.Text;
using Pinfold.Testing.Proxy;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Testing;

public sealed class SqlStatementsTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData(" ; ;\n", 0)]
    [InlineData("SELECT 1", 1)]
    [InlineData("SELECT 1;", 1)]
    [InlineData("SELECT 1; SELECT 2", 2)]
    [InlineData("SELECT ';', \";\", `;`; DO 1;", 2)]
    [InlineData(@"SELECT 'it''s; \'; so'; DO 1", 2)]
    [InlineData("DO 1; -- a; comment\n# another; one\n/* and; this */", 1)]
    [InlineData("SELECT 5-- 3;\n+ 1; DO 2", 2)]
    [InlineData("SELECT 5 - 3; DO 2", 2)]
    [InlineData("SELECT 'open; string", 1)]
    public void StatementsAreCountedOutsideStringsNamesAndComments(string sql, int statements) =>
        SqlStatements.Count(sql).ShouldBe(statements);

    [Fact]
    public void EachPrefixHoldsOneStatementMore()
    {
        const string Sql = "DO 1; SELECT ';' ;DO 3";

        SqlStatements.Ends(Encoding.UTF8.GetBytes(Sql)).Select(end => Sql[..end.Length])
            .ShouldBe(["DO 1", "DO 1; SELECT ';' ", Sql]);
    }

    [Fact]
    public void StatementsInTheTextForAProcedureCountAndAreAnsweredOnce()
    {
        const string Sql = "SET @a=1;CALL p('DO 1;DO 2;');SELECT @a";
        var sql = Encoding.UTF8.GetBytes(Sql);

        SqlStatements.Ends(sql)
            .Select(end => Sql[..end.Length] + Encoding.UTF8.GetString(SqlStatements.Closing(sql, end)))
            .ShouldBe(["SET @a=1", "SET @a=1;CALL p('DO 1;')", "SET @a=1;CALL p('DO 1;DO 2;')",
                "SET @a=1;CALL p('DO 1;DO 2;')", Sql]);
        SqlStatements.CountReplies(Sql).ShouldBe(3);
    }
}
