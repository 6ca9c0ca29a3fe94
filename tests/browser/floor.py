"""What the tests of the queue need beside people: the plan, levels, groups, who is here."""

from typing import Any

from browser.shop import Customer, Shop
from journeys.processes import until
from wxdesk.desk.agents import Agent, Role


class Floor:
    """The desk's settings of routing, by its API."""

    def __init__(self, shop: Shop, admin: Agent):
        self._shop, self.admin = shop, admin

    async def ask(self, method: str, path: str, *, by: Agent | None = None, **wish: Any) -> Any:
        return await self._shop.ask(by or self.admin, method, path, **wish)

    async def plan(self, **doc: Any) -> None:
        """In force from now on; what is left out is as usual."""
        await self.ask("PUT", "/api/routing/draft", doc=doc)
        await self.ask("POST", "/api/routing/publish")

    async def group(self, name: str, *members: Agent) -> int:
        group = await self.ask(
            "POST", "/api/groups", name=name, agent_ids=[each.id for each in members]
        )
        return group["id"]

    async def here(self, agent: Agent, presence: str = "online") -> None:
        """Said by a program: no page is open for them."""
        await self.ask("PUT", "/api/presence", by=agent, presence=presence)

    async def level(self, customer: Customer, name: str) -> None:
        levels = (await self.ask("GET", "/api/levels"))["items"]
        level_id = next(each["id"] for each in levels if each["name"] == name)
        talk = await self.conversation(customer)
        path = f"/api/contacts/{talk['contact']['id']}/level"
        await self.ask("PUT", path, level_id=level_id)

    async def conversation(self, customer: Customer) -> dict[str, Any]:
        """The newest of a customer, once the desk has it."""

        async def found() -> list[dict[str, Any]]:
            return (await self.ask("GET", f"/api/conversations?q={customer.openid}"))["items"]

        return (await until(found))[0]

    async def close(self) -> None:
        """Nobody is here any more, and all is as usual."""
        for seat in (await self.ask("GET", "/api/seats"))["items"]:
            if seat["presence"] != "offline":
                path = f"/api/seats/{seat['id']}/presence"
                await self.ask("PUT", path, presence="offline", reason="")
        await self.plan()
        for group in (await self.ask("GET", "/api/groups"))["items"]:
            await self.ask("DELETE", f"/api/groups/{group['id']}")


async def open_floor(shop: Shop) -> Floor:
    return Floor(shop, await shop.agent(Role.ADMIN))
