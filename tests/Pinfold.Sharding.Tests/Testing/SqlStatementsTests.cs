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

        SqlStatements.Ends(Encoding.UTF8.GetBytes(Sql)).Select(end => Sql[..end])
            .ShouldBe(["DO 1", "DO 1; SELECT ';' ", Sql]);
    }
}
