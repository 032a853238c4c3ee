import sqlalchemy as sa
from alembic import context

from models import Base


def configure(**settings):
    context.configure(target_metadata=Base.metadata, compare_type=False, **settings)
    with context.begin_transaction():
        context.run_migrations()


url = context.config.get_main_option("sqlalchemy.url")
if context.is_offline_mode():
    configure(url=url, literal_binds=True, dialect_opts={"paramstyle": "named"})
else:
    with sa.create_engine(url).connect() as connection:
        configure(connection=connection)
