"""What an agent puts into the tray, and what of it the phone shows."""

import io
import random

from PIL import Image

from journeys.processes import until


def picture(width: int = 640, height: int = 480) -> bytes:
    return encoded(Image.new("RGB", (width, height), "#2f6f6a"))


def noise(width: int, height: int) -> bytes:
    """Nothing that compresses: as large as it looks."""
    grains = random.Random(7).randbytes(width * height * 3)
    return encoded(Image.frombytes("RGB", (width, height), grains), compress_level=0)


def encoded(image: Image.Image, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


def file(name: str, content: bytes, mime_type: str = "image/png"):
    return {"name": name, "mimeType": mime_type, "buffer": content}


async def served(screens, shop, *lines):
    customer = await shop.waiting(*lines or ["你好"])
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)
    return desk, customer


async def pick(desk, *files, tool="发图片"):
    async with desk.page.expect_file_chooser() as choosing:
        await desk.page.get_by_role("button", name=tool).click()
    await (await choosing.value).set_files(list(files))


async def kinds_read(customer, count):
    """What arrived at the phone, by kind, once there is so much of it."""

    async def arrived():
        chat = await customer.shop.sim_get(f"/sim/followers/{customer.openid}/chat")
        kinds = [item["type"] for item in chat["items"] if item["from"] == "account"]
        return kinds if len(kinds) >= count else None

    return await until(arrived)


def tray(desk):
    return desk.page.get_by_role("list", name="准备发送的文件").get_by_role("listitem")


PASTE = """(box, encoded) => {
  const bytes = Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0))
  const data = new DataTransfer()
  data.items.add(new File([bytes], 'image.png', { type: 'image/png' }))
  const how = { clipboardData: data, bubbles: true, cancelable: true }
  box.dispatchEvent(new ClipboardEvent('paste', how))
}"""
