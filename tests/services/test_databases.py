"""The test databases themselves."""

from sqlalchemy import create_engine, text

from tests.services.databases import Databases


def fill(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (word text)"))
        connection.execute(text("INSERT INTO kept VALUES ('once')"))
    engine.dispose()


def words(url: str, *, add: str = "") -> list[str]:
    engine = create_engine(url)
    with engine.begin() as connection:
        if add:
            connection.execute(text("INSERT INTO kept VALUES (:word)"), {"word": add})
        found = [row.word for row in connection.execute(text("SELECT word FROM kept ORDER BY word DESC"))]
    engine.dispose()
    return found


def test_each_new_database_is_a_copy_that_the_others_do_not_see(databases: Databases) -> None:
    assert words(databases.new(fill), add="here") == ["once", "here"]
    assert words(databases.new(fill)) == ["once"]


def test_an_unprepared_database_is_empty_and_answers(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()
