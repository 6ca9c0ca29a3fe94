import { Problem } from '@/api/http'
import { useToasts } from '@/stores/toasts'
import { kindOf, useUploads } from '@/stores/uploads'
import { fileText } from './fileText'

/** Put files into the tray; what is wrong with one is told there, that there are too many is told here. */
export async function addFiles(conversationId: number, files: readonly File[]): Promise<void> {
  const uploads = useUploads()
  try {
    await Promise.all(files.map(file => uploads.add(conversationId, file, { name: file.name, kind: kindOf(file) })))
  }
  catch (error) {
    if (!(error instanceof Problem)) throw error
    useToasts().tell(fileText(error, null), undefined, 'bad')
  }
}
