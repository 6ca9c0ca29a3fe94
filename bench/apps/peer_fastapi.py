"""wechatpy on FastAPI and aiosqlite, for uvicorn: `uvicorn peer_fastapi:app`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiosqlite
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from peer_store import INSERT, PATH, PRAGMAS, TABLE
from peer_wechatpy import read

one_at_a_time = asyncio.Lock()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with aiosqlite.connect(PATH) as database:
        for statement in (*PRAGMAS, TABLE):
            await database.execute(statement)
        app.state.database = database
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/push")
async def push(request: Request) -> PlainTextResponse:
    row = read(request.query_params, await request.body())
    async with one_at_a_time:
        await app.state.database.execute(INSERT, row)
        await app.state.database.commit()
    return PlainTextResponse("success")
